/** What a person does to build a graph; each makes one step that can be undone. */

import { boxes, settled, withPoints } from "../../canvas/scene";
import { spaced } from "../../canvas/types";
import type { NodeSpec } from "../../graph/catalog";
import type { PortAt, Refusal } from "../../graph/compat";
import { mayConnect } from "../../graph/compat";
import type { Doc, Point, Table } from "../../graph/document";
import { moveAll, removeMarks } from "../../graph/edit/marks";
import { addNode, removeNodes, renameNode, setLook, setParam, setTitle } from "../../graph/edit/nodes";
import { bestEnd, bestPair, bestStart, connect, disconnect, heal, splice } from "../../graph/edit/wires";
import type { Json } from "../../graph/json";
import { portLink } from "../../graph/link";
import type { Candidate } from "../../graph/search";
import type { Edge } from "../../graph/structure";
import { edit, level } from "../desk";
import { t } from "../i18n";
import { knowledge } from "../knowledge";
import { refusalText } from "../refusal";
import { remember } from "../settings";
import { scene } from "../stage";
import { choose, type Mend, say, view, type Wiring } from "../view";

const know = () => knowledge.getState().know;
const settle = (doc: Doc) => settled(scene(), doc);

/** Place a node; a dragged wire is connected to it in the same step. */
export function place(
  candidate: Pick<Candidate, "spec"> & { readonly port: string | null },
  at: Point,
  wiring: Wiring | null,
): string {
  const { spec, port } = candidate;
  let made = "";
  edit({ id: "add", what: spec.title }, (doc) => {
    const added = addNode(settle(doc), spec.type, spec.version, at);
    made = added.id;
    if (!wiring || port === null) return added.doc;
    const end: PortAt = { node: added.id, port };
    return wiring.side === "output"
      ? connect(know(), added.doc, wiring.from, end)
      : connect(know(), added.doc, end, wiring.from);
  });
  remember(spec.type);
  choose([made]);
  return made;
}

/** Connect two ports; where they do not fit, say why and change nothing. */
export function join(from: PortAt, to: PortAt): boolean {
  const verdict = mayConnect(know(), level(), from, to);
  if (!verdict.ok) {
    say(refusalText(know(), verdict.reason), "error", mendFor(verdict.reason, from, to));
    return false;
  }
  edit({ id: "connect" }, (doc) => connect(know(), doc, from, to));
  return true;
}

/** The node that would turn the one type into the other, ready to be put between. */
function mendFor(reason: Refusal, from: PortAt, to: PortAt): Mend | null {
  const spec = reason.code === "type" ? know().catalog[reason.mend[0] ?? ""] : undefined;
  return spec
    ? { label: t("wire.insert", { node: spec.title }), run: () => putBetween(spec, from, to) }
    : null;
}

function putBetween(spec: NodeSpec, from: PortAt, to: PortAt): void {
  const [start, end] = [scene().nodes.get(from.node)?.box, scene().nodes.get(to.node)?.box];
  if (!start || !end) return;
  const at = { x: (start.x + start.width + end.x) / 2 - 100, y: (start.y + end.y) / 2 };
  let made = "";
  edit({ id: "splice" }, (doc) => {
    const added = addNode(settle(doc), spec.type, spec.version, at);
    made = added.id;
    const entry = spec.inputs.find(
      (port) => mayConnect(know(), added.doc, from, { node: made, port: port.name }).ok,
    );
    const entered = entry ? connect(know(), added.doc, from, { node: made, port: entry.name }) : added.doc;
    const exit = spec.outputs.find(
      (port) => mayConnect(know(), entered, { node: made, port: port.name }, to).ok,
    );
    return exit ? connect(know(), entered, { node: made, port: exit.name }, to) : entered;
  });
  choose([made]);
}

/** Wire a socket to that of a node which fits best. */
export function joinNode({ from, side }: Wiring, node: string): void {
  const end =
    side === "output" ? bestEnd(know(), level(), from, node) : bestStart(know(), level(), node, from);
  if (!end) say(t("wire.none"), "error");
  else if (side === "output") join(from, end);
  else join(end, from);
}

/** Wire the chosen nodes from left to right. */
export function joinChosen(): void {
  const nodes = [...view.getState().chosen].flatMap((id) => scene().nodes.get(id) ?? []);
  joinRow(nodes.sort((a, b) => a.box.x - b.box.x).map((node) => node.id));
}

/** Wire each node to the next, by the sockets that fit best. */
export function joinRow(row: readonly string[]): void {
  const joined = row.slice(1).reduce((doc, to, at) => {
    const pair = bestPair(know(), doc, row[at] ?? "", to);
    return pair ? connect(know(), doc, pair.from, pair.to) : doc;
  }, level());
  if (joined === level()) say(t("wire.none"), "error");
  else edit({ id: "connect" }, () => joined);
}

/** Whether a node fits into a wire. */
export function splices(id: string, edge: Edge): boolean {
  return splice(know(), level(), edge, id) !== null;
}

/** Put a node that has no wires into the wire that it was dropped on. */
export function spliceInto(id: string, wire: string, places: Table<Point>): void {
  const edge = scene().wires.find((other) => other.id === wire)?.edge;
  edit({ id: "splice" }, (doc) => {
    const moved = moveAll(settle(doc), places);
    return (edge && splice(know(), moved, edge, id)) ?? moved;
  });
}

/** Take a node out of its wires and join what it joined. */
export function pullOut(id: string): void {
  edit({ id: "disconnect" }, (doc) => heal(know(), doc, id));
}

export function cutWires(ids: ReadonlySet<string>): void {
  const edges = scene()
    .wires.filter((wire) => ids.has(wire.id))
    .map((wire) => wire.edge);
  edit({ id: "disconnect" }, (doc) => disconnect(doc, edges));
}

export function setValue(node: string, port: string, value: Json | undefined): void {
  edit(
    { id: "param", what: spaced(port) },
    (doc) => setParam(doc, node, port, value),
    `param ${portLink(node, port)}`,
  );
}

export function deleteChosen(): void {
  const { chosen, chosenWires } = view.getState();
  const edges = scene()
    .wires.filter((wire) => chosenWires.has(wire.id))
    .map((wire) => wire.edge);
  edit({ id: chosen.size === 0 ? "disconnect" : "delete", count: chosen.size }, (doc) =>
    removeMarks(removeNodes(disconnect(settle(doc), edges), nodesOf(doc, chosen)), chosen),
  );
  choose([]);
}

/** Delete nodes and join what they joined. */
export function dissolveChosen(): void {
  const { chosen } = view.getState();
  edit({ id: "delete", count: chosen.size }, (doc) => {
    let next = settle(doc);
    for (const id of nodesOf(doc, chosen)) next = heal(know(), next, id);
    return removeMarks(removeNodes(next, nodesOf(doc, chosen)), chosen);
  });
  choose([]);
}

/** Move nodes, frames and notes to new places; moves in a row are one step where `merge` says so. */
export function moveTo(places: Table<Point>, merge: string | null = null): void {
  const count = Object.keys(places).length;
  const all = withPoints(scene(), places);
  edit({ id: "move", count }, (doc) => moveAll(settle(doc), all), merge);
}

export function nudge(by: Point): void {
  const { chosen } = view.getState();
  const all = boxes(scene());
  const places = [...chosen].flatMap((id): [string, Point][] => {
    const box = all[id];
    return box ? [[id, { x: box.x + by.x, y: box.y + by.y }]] : [];
  });
  if (places.length > 0) moveTo(Object.fromEntries(places), `nudge ${[...chosen].join()}`);
}

export function retitle(id: string, title: string): void {
  edit({ id: "rename" }, (doc) => setTitle(doc, id, title));
}

export function rename(from: string, to: string): void {
  edit({ id: "rename" }, (doc) => renameNode(settle(doc), from, to));
  choose([to]);
}

export function foldChosen(): void {
  const { chosen } = view.getState();
  const open = [...chosen].some((id) => level().looks[id]?.collapsed !== true);
  edit({ id: "look" }, (doc) => setLook(doc, nodesOf(doc, chosen), { collapsed: open }));
}

function nodesOf(doc: Doc, ids: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...ids].filter((id) => Object.hasOwn(doc.nodes, id)));
}
