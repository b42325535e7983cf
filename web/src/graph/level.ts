/** Edit a graph inside a graph: a path of Subgraph ids leads to it. */

import { type Doc, put } from "./document";
import { innerGraph, type Knowledge } from "./spec";

export type Path = readonly string[];

/** The graph at a path; null where there is none (any more). */
export function levelAt(know: Knowledge, doc: Doc, path: Path): Doc | null {
  let level: Doc | null = doc;
  for (const id of path) {
    const node: Doc["nodes"][string] | undefined = level.nodes[id];
    level = node === undefined ? null : innerGraph(know, node);
    if (level === null) return null;
  }
  return level;
}

/** The whole document after the graph at a path was changed; a library graph becomes a copy of its own. */
export function withLevel(know: Knowledge, doc: Doc, path: Path, next: Doc): Doc {
  const [first, ...rest] = path;
  if (first === undefined) return next;
  const node = doc.nodes[first];
  const inner = node && innerGraph(know, node);
  if (!node || !inner) return doc;
  const graph = withLevel(know, inner, rest, next);
  return graph === inner ? doc : { ...doc, nodes: put(doc.nodes, first, { ...node, graph }) };
}
