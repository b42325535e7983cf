/** Pinned nodes: what they gave stands in the document, by digest, and they do not run. */

import { isVariable } from "./catalog";
import type { Doc, Node, Table } from "./document";
import { type Knowledge, specOf } from "./spec";

/** What each output gave: a digest, or those of a list. */
export type Pin = Table<string | readonly string[]>;

/** Why a node cannot be pinned. */
export type NoPin = "subgraph" | "variable" | "nothing";

/** The pin of a node that gave these outputs, or why there is none. */
export function pinOf(know: Knowledge, doc: Doc, id: string, gave: Pin | null): Pin | NoPin {
  const spec = specOf(know, doc, id);
  if (doc.nodes[id]?.graph !== null) return "subgraph";
  if (spec.outputs.some(({ type }) => isVariable(type))) return "variable";
  const names = spec.outputs.map(({ name }) => name);
  if (names.length === 0 || !gave || names.some((name) => gave[name] === undefined)) return "nothing";
  return Object.fromEntries(names.map((name) => [name, gave[name] ?? ""]));
}

/** Whether an output of a pinned node is a list; undefined where that is not pinned. */
export function pinnedMany(node: Node | undefined, output: string): boolean | undefined {
  const given = node?.pin?.[output];
  return given === undefined ? undefined : typeof given !== "string";
}

/** Pin nodes to what they gave; null lets one run again. */
export function setPins(doc: Doc, pins: Table<Pin | null>): Doc {
  const changed = Object.entries(pins).flatMap(([id, pin]) => {
    const node = doc.nodes[id];
    return node ? [[id, { ...node, pin }] as const] : [];
  });
  return { ...doc, nodes: { ...doc.nodes, ...Object.fromEntries(changed) } };
}
