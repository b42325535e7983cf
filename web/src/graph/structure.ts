/** The pure structure of a document: its wires, who feeds whom, and in which order. */

import { type Doc, linksOf } from "./document";
import { type Link, parseLink, topNode } from "./link";

/** One wire; `index` is its place in a list port, null where the port takes one link. */
export interface Edge {
  readonly id: string;
  readonly link: Link;
  readonly from: string;
  readonly to: string;
  readonly port: string;
  readonly index: number | null;
}

export interface Structure {
  readonly edges: readonly Edge[];
  readonly into: ReadonlyMap<string, readonly Edge[]>;
  readonly outOf: ReadonlyMap<string, readonly Edge[]>;
  /** Producers before consumers; nodes on a circle come last, in no order. */
  readonly order: readonly string[];
  readonly circle: ReadonlySet<string>;
}

const known = new WeakMap<Doc["nodes"], Structure>();

let last: Doc["nodes"] | null = null;

/** A change of fields leaves it as it was: the same object comes back. */
export function structureOf(doc: Doc): Structure {
  const kept = last !== null && sameWiring(last, doc.nodes) ? known.get(last) : undefined;
  const found = known.get(doc.nodes) ?? kept ?? build(doc);
  known.set(doc.nodes, found);
  last = doc.nodes;
  return found;
}

/** Whether the same nodes have the same wires, in the same order. */
function sameWiring(before: Doc["nodes"], after: Doc["nodes"]): boolean {
  if (before === after) return true;
  const [old, now] = [Object.keys(before), Object.keys(after)];
  return (
    old.length === now.length &&
    now.every((id, at) => old[at] === id && before[id]?.inputs === after[id]?.inputs)
  );
}

/** All nodes that can be reached from the given ones, themselves included. */
export function reach(start: Iterable<string>, next: (id: string) => Iterable<string>): ReadonlySet<string> {
  const seen = new Set(start);
  const waiting = [...seen];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const other of next(id)) {
      if (seen.has(other)) continue;
      seen.add(other);
      waiting.push(other);
    }
  }
  return seen;
}

export function upstream(doc: Doc, ids: Iterable<string>): ReadonlySet<string> {
  const { into } = structureOf(doc);
  return reach(ids, (id) => (into.get(id) ?? []).map((edge) => edge.from));
}

export function downstream(doc: Doc, ids: Iterable<string>): ReadonlySet<string> {
  const { outOf } = structureOf(doc);
  return reach(ids, (id) => (outOf.get(id) ?? []).map((edge) => edge.to));
}

function build(doc: Doc): Structure {
  const edges = edgesOf(doc);
  const into = grouped(edges, (edge) => edge.to);
  const outOf = grouped(edges, (edge) => edge.from);
  const open = new Map(Object.keys(doc.nodes).map((id) => [id, into.get(id)?.length ?? 0]));
  const order = [...open].filter(([, count]) => count === 0).map(([id]) => id);
  for (let place = 0; place < order.length; place += 1) {
    for (const edge of outOf.get(order[place] ?? "") ?? []) {
      const left = (open.get(edge.to) ?? 0) - 1;
      open.set(edge.to, left);
      if (left === 0) order.push(edge.to);
    }
  }
  const circle = new Set([...open].filter(([, count]) => count > 0).map(([id]) => id));
  return { edges, into, outOf, order: [...order, ...circle], circle };
}

function edgesOf(doc: Doc): readonly Edge[] {
  const edges: Edge[] = [];
  for (const [to, node] of Object.entries(doc.nodes)) {
    for (const [port, wire] of Object.entries(node.inputs)) {
      const listed = typeof wire !== "string";
      for (const [index, text] of linksOf(wire).entries()) {
        const link = parseLink(text);
        const from = link && topNode(link);
        if (!link || !from || !Object.hasOwn(doc.nodes, from)) continue;
        edges.push({
          id: `${text}>${to}.${port}#${listed ? index : ""}`,
          link,
          from,
          to,
          port,
          index: listed ? index : null,
        });
      }
    }
  }
  return edges;
}

function grouped(edges: readonly Edge[], key: (edge: Edge) => string): ReadonlyMap<string, readonly Edge[]> {
  const groups = new Map<string, Edge[]>();
  for (const edge of edges) {
    const group = groups.get(key(edge));
    if (group) group.push(edge);
    else groups.set(key(edge), [edge]);
  }
  return groups;
}
