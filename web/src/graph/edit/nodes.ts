/** Add, remove, rename, move and set nodes. */

import {
  type Doc,
  type Look,
  mapTable,
  newNode,
  PLAIN,
  type Point,
  put,
  rounded,
  type Table,
  type Wire,
  without,
} from "../document";
import { freshId } from "../ids";
import { type Json, same } from "../json";
import { parseLink, renameTop, topNode } from "../link";
import { renameEnds } from "./routes";

export interface Added {
  readonly doc: Doc;
  readonly id: string;
}

export function addNode(
  doc: Doc,
  type: string,
  version: number,
  place: Point,
  params: Table<Json> = {},
): Added {
  const id = freshId(doc.nodes, type);
  const nodes = put(doc.nodes, id, newNode(type, version, params));
  return { doc: { ...doc, nodes, positions: put(doc.positions, id, rounded(place)) }, id };
}

/** Add a Subgraph: a copy of a graph, or the name of one that ships. */
export function addSubgraph(doc: Doc, graph: Doc | string, place: Point): Added {
  const added = addNode(doc, "Subgraph", 1, place);
  const node = { ...newNode("Subgraph", 1), graph };
  return { id: added.id, doc: { ...added.doc, nodes: put(added.doc.nodes, added.id, node) } };
}

/** Remove nodes with all that leads to them: links, public inputs and outputs. */
export function removeNodes(doc: Doc, ids: ReadonlySet<string>): Doc {
  if (ids.size === 0) return doc;
  const kept = (text: string) => {
    const link = parseLink(text);
    return link === null || !ids.has(topNode(link));
  };
  const nodes = mapTable(without(doc.nodes, ids), (node) => {
    const inputs = keepLinks(node.inputs, kept);
    return inputs === node.inputs ? node : { ...node, inputs };
  });
  const inputs = mapTable(doc.inputs, (field) =>
    field.to.every(kept) ? field : { ...field, to: field.to.filter(kept) },
  );
  const lostInputs = Object.keys(inputs).filter(
    (name) => inputs[name]?.to.length === 0 && doc.inputs[name]?.to.length,
  );
  const lostOutputs = Object.keys(doc.outputs).filter((name) => !kept(doc.outputs[name] ?? ""));
  return {
    ...doc,
    nodes,
    inputs: without(inputs, new Set(lostInputs)),
    outputs: without(doc.outputs, new Set(lostOutputs)),
    positions: without(doc.positions, ids),
    looks: without(doc.looks, ids),
  };
}

/** Give a node another id, everywhere. */
export function renameNode(doc: Doc, from: string, to: string): Doc {
  if (from === to || !Object.hasOwn(doc.nodes, from) || Object.hasOwn(doc.nodes, to)) return doc;
  const rename = (id: string) => (id === from ? to : id);
  const text = (link: string) => renameTop(link, rename);
  const moved = <V>(table: Table<V>): Table<V> =>
    Object.hasOwn(table, from)
      ? Object.fromEntries(Object.entries(table).map(([key, value]) => [rename(key), value]))
      : table;
  return {
    ...doc,
    nodes: mapTable(moved(doc.nodes), (node) => {
      const inputs = mapTable(node.inputs, (wire) => mapWire(wire, text));
      return inputs === node.inputs ? node : { ...node, inputs };
    }),
    inputs: mapTable(doc.inputs, (field) => {
      const to = field.to.map(text);
      return to.every((target, at) => target === field.to[at]) ? field : { ...field, to };
    }),
    outputs: mapTable(doc.outputs, text),
    positions: moved(doc.positions),
    looks: moved(doc.looks),
    wires: renameEnds(doc.wires, rename),
  };
}

export function setTitle(doc: Doc, id: string, title: string): Doc {
  const node = doc.nodes[id];
  if (!node) return doc;
  return { ...doc, nodes: put(doc.nodes, id, { ...node, title: title.trim() === "" ? null : title.trim() }) };
}

/** Set a param; undefined takes it away, so that the default stands. */
export function setParam(doc: Doc, id: string, name: string, value: Json | undefined): Doc {
  const node = doc.nodes[id];
  if (!node || same(node.params[name], value)) return doc;
  return { ...doc, nodes: put(doc.nodes, id, { ...node, params: put(node.params, name, value) }) };
}

export function moveNodes(doc: Doc, places: Table<Point>): Doc {
  let positions = doc.positions;
  for (const [id, place] of Object.entries(places)) {
    const next = rounded(place);
    const now = positions[id];
    if (now?.x !== next.x || now.y !== next.y) positions = put(positions, id, next);
  }
  return positions === doc.positions ? doc : { ...doc, positions };
}

export function setLook(doc: Doc, ids: Iterable<string>, change: Partial<Look>): Doc {
  let looks = doc.looks;
  for (const id of ids) {
    const look = { ...PLAIN, ...looks[id], ...change };
    looks = put(looks, id, look.collapsed || look.colour !== null ? look : undefined);
  }
  return { ...doc, looks };
}

export function mapWire(wire: Wire, change: (link: string) => string): Wire {
  if (typeof wire === "string") return change(wire);
  const next = wire.map(change);
  return next.every((link, at) => link === wire[at]) ? wire : next;
}

function keepLinks(inputs: Table<Wire>, kept: (link: string) => boolean): Table<Wire> {
  let next = inputs;
  for (const [port, wire] of Object.entries(inputs)) {
    if (typeof wire === "string") {
      if (!kept(wire)) next = put(next, port, undefined);
    } else if (!wire.every(kept)) {
      const left = wire.filter(kept);
      next = put(next, port, left.length > 0 ? left : undefined);
    }
  }
  return next;
}
