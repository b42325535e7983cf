/** What a person does to the way of wires: points, names, cuts, other ends. */

import { type SceneWire, stopsOf } from "../../canvas/scene";
import { mayConnect, type PortAt } from "../../graph/compat";
import type { Point } from "../../graph/document";
import { addPoint, moveLook, nameWires, removePoints, wireKey } from "../../graph/edit/routes";
import { bestEnd, bestStart, connect, disconnect, swap } from "../../graph/edit/wires";
import { crossed, middleOf, nearest } from "../../graph/layout/route";
import { type Edge, structureOf } from "../../graph/structure";
import { lookAt } from "../camera";
import { edit, level } from "../desk";
import { t } from "../i18n";
import { knowledge } from "../knowledge";
import { refusalText } from "../refusal";
import { nextShownWires, nextWireStyle, useSettings } from "../settings";
import { scene } from "../stage";
import { choose, say, view } from "../view";

const know = () => knowledge.getState().know;
const style = () => useSettings.getState().wireStyle;

/** The wires that are chosen. */
export function wiresChosen(): readonly SceneWire[] {
  const { chosenWires } = view.getState();
  return scene().wires.filter((wire) => chosenWires.has(wire.id));
}

/** The wires that are chosen, else those of the chosen nodes. */
export function wiresMeant(): readonly SceneWire[] {
  const wires = wiresChosen();
  if (wires.length > 0) return wires;
  const { chosen } = view.getState();
  return scene().wires.filter(({ edge }) => chosen.has(edge.from) || chosen.has(edge.to));
}

/** Put a point where a wire is nearest to a place. */
export function addPointAt(id: string, at: Point): void {
  const wire = scene().wires.find((other) => other.id === id);
  const stops = wire && stopsOf(scene(), wire);
  const near = stops && nearest(style(), stops, at);
  if (near) edit({ id: "wire" }, (doc) => addPoint(doc, wire.key, near.part, near.point));
}

/** Put a point into the middle of every chosen wire. */
export function addPoints(): void {
  const places = wiresChosen().flatMap((wire) => {
    const stops = stopsOf(scene(), wire);
    const middle = stops && middleOf(style(), stops);
    return middle ? [{ wire: wire.key, ...middle }] : [];
  });
  edit({ id: "wire" }, (doc) =>
    places.reduce((next, { wire, part, point }) => addPoint(next, wire, part, point), doc),
  );
}

export function removePoint(id: string): void {
  edit({ id: "wire" }, (doc) => removePoints(doc, new Set([id])));
  choose([]);
}

/** Draw wires as names at both ends, or whole again. */
export function toggleNames(): void {
  const wires = wiresMeant();
  const whole = wires.some((wire) => wire.look.name === null);
  const names = new Map(wires.map((wire) => [wire.key, whole ? nameFor(wire) : null]));
  edit({ id: "wire" }, (doc) => nameWires(doc, names.keys(), (key) => names.get(key) ?? null));
}

/** Give a wire, and those of the same output that have a name, another name. */
export function renameWire(wire: SceneWire, name: string): void {
  const keys = sameOutput(wire).filter((other) => other.look.name !== null || other === wire);
  edit(
    { id: "wire" },
    (doc) =>
      nameWires(
        doc,
        keys.map(({ key }) => key),
        () => name.trim() || null,
      ),
    `wire ${wire.key}`,
  );
}

/** Show the far end of a named wire: the one that is not at this place. */
export function followName(id: string, at: Point): void {
  const wire = scene().wires.find((other) => other.id === id);
  const stops = wire && stopsOf(scene(), wire);
  const [start, end] = [stops?.[0], stops?.at(-1)];
  if (!wire || !start || !end) return;
  const atStart = Math.hypot(start.x - at.x, start.y - at.y) < Math.hypot(end.x - at.x, end.y - at.y);
  lookAt(atStart ? wire.edge.to : wire.edge.from);
}

/** Cut the wires that a stroke goes across. */
export function cutAcross(stroke: readonly Point[], among: readonly SceneWire[]): void {
  const cut = among.filter((wire) => {
    const stops = wire.look.name === null ? stopsOf(scene(), wire) : null;
    return stops !== null && crossed(style(), stops, stroke);
  });
  if (cut.length === 0) return;
  edit({ id: "disconnect" }, (doc) =>
    disconnect(
      doc,
      cut.map((wire) => wire.edge),
    ),
  );
}

/** Plug an end of a wire elsewhere; its points stay. */
export function replug(id: string, from: PortAt, to: PortAt): void {
  const edge = edgeOf(id);
  if (!edge) return;
  const bare = disconnect(level(), [edge]);
  const verdict = mayConnect(know(), bare, from, to);
  if (!verdict.ok) {
    say(refusalText(know(), verdict.reason), "error");
    return;
  }
  const target = `${from.node}.${from.port}>${to.node}.${to.port}`;
  edit({ id: "connect" }, (doc) =>
    moveLook(connect(know(), disconnect(doc, [edge]), from, to), wireKey(edge), target),
  );
}

/** Plug an end of a wire into the socket of a node that fits best. */
export function replugInto(id: string, node: string, end: "input" | "output"): void {
  const edge = edgeOf(id);
  if (!edge) return;
  const bare = disconnect(level(), [edge]);
  const from = { node: edge.link.node, port: edge.link.port };
  const to = { node: edge.to, port: edge.port };
  const found = end === "input" ? bestEnd(know(), bare, from, node) : bestStart(know(), bare, node, to);
  if (!found) say(t("wire.none"), "error");
  else if (end === "input") replug(id, from, found);
  else replug(id, found, to);
}

/** Take an end of a wire off and let it go. */
export function unplug(id: string): void {
  const edge = edgeOf(id);
  if (edge) edit({ id: "disconnect" }, (doc) => disconnect(doc, [edge]));
}

/** Swap two inputs: those of two chosen wires, else the first two of the node that may be. */
export function swapInputs(): void {
  const [one, other] = wiresChosen().map((wire) => wire.edge);
  const [node] = view.getState().chosen;
  const id = one?.to ?? node;
  if (id === undefined) return;
  const ports = one && other && one.to === other.to ? ([one.port, other.port] as const) : null;
  const swapped = swap(know(), level(), id, ports);
  if (swapped) edit({ id: "swap" }, () => swapped);
  else say(t("wire.noSwap"), "error");
}

/** Show all wires, those of chosen nodes, or none, and say which. */
export function otherWires(): void {
  nextShownWires();
  say(t(`wire.shown.${useSettings.getState().shownWires}`));
}

export function otherStyle(): void {
  nextWireStyle();
  say(t(`wire.style.${style()}`));
}

function edgeOf(id: string): Edge | undefined {
  return structureOf(level()).edges.find((edge) => edge.id === id);
}

function sameOutput({ edge }: SceneWire): readonly SceneWire[] {
  return scene().wires.filter(
    (wire) => wire.edge.link.node === edge.link.node && wire.edge.link.port === edge.link.port,
  );
}

/** The name that another wire of this output has, else the name of the port. */
function nameFor(wire: SceneWire): string {
  const named = sameOutput(wire).find((other) => other.look.name !== null);
  return named?.look.name ?? wire.edge.link.port.replaceAll("_", " ");
}
