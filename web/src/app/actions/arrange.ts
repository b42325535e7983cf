/** What a person does to order a graph: copies, frames, notes, subgraphs, layout. */

import { boxes, sceneOf, settled } from "../../canvas/scene";
import { copyText, duplicate, paste, readClipboard } from "../../graph/clipboard";
import type { Box, Doc, Point, Table } from "../../graph/document";
import { GroupError, group, ungroup } from "../../graph/edit/group";
import {
  addFrame,
  addNote,
  boundsOf,
  type Colour,
  moveAll,
  removeMarks,
  setColour,
} from "../../graph/edit/marks";
import { removeNodes } from "../../graph/edit/nodes";
import { aligned, distributed, type Side } from "../../graph/layout/align";
import { tidy } from "../../graph/layout/elk";
import type { Shown } from "../../graph/layout/metrics";
import { innerGraph } from "../../graph/spec";
import { structureOf } from "../../graph/structure";
import { keepCopied, wasCopied } from "../../persist/copied";
import { camera } from "../camera";
import { edit, level } from "../desk";
import { t } from "../i18n";
import { knowledge } from "../knowledge";
import { receiveText } from "../receiving";
import { scene } from "../stage";
import { choose, say, view } from "../view";

const AIR = 24;
const TITLE = 32;
const NO_MARKS = { shown: new Map<string, Shown>(), faults: {} };
const settle = (doc: Doc) => settled(scene(), doc);

export async function copyChosen(): Promise<void> {
  const text = copyText(settle(level()), view.getState().chosen);
  await navigator.clipboard.writeText(text);
  keepCopied(text);
  say(t("copied"));
}

export async function cutChosen(): Promise<void> {
  const { chosen } = view.getState();
  await copyChosen();
  edit({ id: "cut" }, (doc) => removeMarks(removeNodes(settle(doc), chosen), chosen));
  choose([]);
}

/** What was copied here is pasted; what comes from elsewhere is shown first. */
export async function pasteHere(outside: "keep" | "drop"): Promise<void> {
  const text = await navigator.clipboard.readText();
  if (text.trim() === "") say(t("paste.none"), "error");
  else if (wasCopied(text)) pasteText(text, outside);
  else await receiveText(text, t("paste.clipboard"), outside);
}

function pasteText(text: string, outside: "keep" | "drop"): void {
  const part = readClipboard(text);
  if (part && Object.keys(part.nodes).length + Object.keys(part.notes).length > 0) pastePart(part, outside);
  else say(t("paste.none"), "error");
}

/** Nodes that have no places are laid out before they come in. */
export function pastePart(part: Doc, outside: "keep" | "drop"): void {
  const whole = settled(sceneOf(knowledge.getState().know, part, "", NO_MARKS, null), part);
  const at = camera()?.middle() ?? { x: 0, y: 0 };
  let ids: ReadonlySet<string> = new Set();
  edit({ id: "paste" }, (doc) => {
    const pasted = paste(settle(doc), whole, { x: at.x - 120, y: at.y - 60 }, outside);
    ids = pasted.ids;
    return pasted.doc;
  });
  choose(ids);
}

export function duplicateChosen(outside: "keep" | "drop"): void {
  const { chosen } = view.getState();
  if (chosen.size > 0) duplicateThese(chosen, outside, { x: 32, y: 32 });
}

function duplicateThese(chosen: ReadonlySet<string>, outside: "keep" | "drop", by: Point): void {
  let ids: ReadonlySet<string> = new Set();
  edit({ id: "duplicate" }, (doc) => {
    const made = duplicate(settle(doc), chosen, by, outside);
    ids = made.ids;
    return made.doc;
  });
  choose(ids);
}

/** Leave what was dragged where it was, and put copies where it was dropped. */
export function duplicateTo(places: Table<Point>): void {
  const all = boxes(scene());
  const [id = ""] = Object.keys(places);
  const [from, to] = [all[id], places[id]];
  if (from && to)
    duplicateThese(new Set(Object.keys(places)), "drop", { x: to.x - from.x, y: to.y - from.y });
}

export function frameChosen(): void {
  const bounds = boundsOf(Object.values(chosenBoxes()));
  if (!bounds) return;
  const box = {
    x: bounds.x - AIR,
    y: bounds.y - AIR - TITLE,
    width: bounds.width + 2 * AIR,
    height: bounds.height + 2 * AIR + TITLE,
  };
  let made = "";
  edit({ id: "frame" }, (doc) => {
    const added = addFrame(settle(doc), box, "");
    made = added.id;
    return added.doc;
  });
  choose([made]);
}

export function noteHere(): void {
  const at = camera()?.middle() ?? { x: 0, y: 0 };
  let made = "";
  edit({ id: "note" }, (doc) => {
    const added = addNote(settle(doc), at);
    made = added.id;
    return added.doc;
  });
  choose([made]);
}

export function groupChosen(): void {
  const chosen = new Set([...view.getState().chosen].filter((id) => Object.hasOwn(level().nodes, id)));
  if (chosen.size === 0) return;
  try {
    const made = group(settle(level()), chosen, "");
    if (structureOf(made.doc).circle.size > structureOf(level()).circle.size)
      throw new GroupError(t("wire.circle"));
    edit({ id: "group" }, () => made.doc);
    choose([made.id]);
  } catch (error) {
    if (!(error instanceof GroupError)) throw error;
    say(error.message, "error");
  }
}

export function ungroupChosen(): void {
  const { know } = knowledge.getState();
  for (const id of view.getState().chosen) {
    const node = level().nodes[id];
    const inner = node && innerGraph(know, node);
    if (inner) edit({ id: "ungroup" }, (doc) => ungroup(settle(doc), id, inner));
  }
  choose([]);
}

/** Lay out what is chosen, or all, in a worker. */
export async function tidyUp(): Promise<void> {
  const all = scene();
  const { chosen } = view.getState();
  const some = [...chosen].filter((id) => all.nodes.has(id));
  const ids = new Set(some.length > 1 ? some : all.nodes.keys());
  if (ids.size === 0) return;
  const places = await tidy(all.doc, boxes(all), ids, (id) => {
    const node = all.nodes.get(id);
    if (!node) throw new Error(`${id} is gone`);
    return node.layout;
  });
  edit({ id: "tidy" }, (doc) => moveAll(settle(doc), places));
}

export function colourChosen(colour: Colour | null): void {
  edit({ id: "look" }, (doc) => setColour(doc, view.getState().chosen, colour));
}

/** The colour of the first that is chosen. */
export function colourOfChosen(): string | null {
  const [id = ""] = view.getState().chosen;
  return level().frames[id]?.colour ?? level().looks[id]?.colour ?? null;
}

export function alignChosen(edge: Side): void {
  const places = aligned(chosenBoxes(), edge);
  edit({ id: "align" }, (doc) => moveAll(settle(doc), places));
}

/** The same room between each two of them. */
export function distributeChosen(axis: "x" | "y"): void {
  const places = distributed(chosenBoxes(), axis);
  edit({ id: "align" }, (doc) => moveAll(settle(doc), places));
}

function chosenBoxes(): Table<Box> {
  const { chosen } = view.getState();
  return Object.fromEntries(Object.entries(boxes(scene())).filter(([id]) => chosen.has(id)));
}
