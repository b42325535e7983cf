/** Place nodes that have no place: columns from producers to consumers. Fast, and the same each time. */

import type { Doc, Point, Table } from "../document";
import { type Structure, structureOf } from "../structure";

export interface Size {
  readonly width: number;
  readonly height: number;
}

const GAP_X = 72;
const GAP_Y = 32;
const SWEEPS = 4;

/** Give every node a place; `size` says how large each is. */
export function columns(doc: Doc, size: (id: string) => Size): Table<Point> {
  const structure = structureOf(doc);
  const layers = ordered(structure, layered(structure));
  const places = new Map<string, Point>();
  let x = 0;
  for (const layer of layers) {
    const width = Math.max(0, ...layer.map((id) => size(id).width));
    place(layer, x, size, structure, places);
    x += width + GAP_X;
  }
  return Object.fromEntries(places);
}

/** The place that each node lacks; nodes that have one stay. */
export function missingPlaces(doc: Doc, size: (id: string) => Size): Table<Point> {
  const lacking = Object.keys(doc.nodes).filter((id) => !Object.hasOwn(doc.positions, id));
  if (lacking.length === 0) return {};
  const all = columns(doc, size);
  if (lacking.length === Object.keys(doc.nodes).length) return all;
  const below = Math.max(0, ...Object.entries(doc.positions).map(([id, point]) => point.y + size(id).height));
  return Object.fromEntries(
    lacking.map((id) => [id, { x: all[id]?.x ?? 0, y: (all[id]?.y ?? 0) + below + 2 * GAP_Y }]),
  );
}

/** The column of each node: after all its producers, and as near to its consumers as that lets. */
function layered({ order, into, outOf }: Structure): ReadonlyMap<string, number> {
  const depth = new Map<string, number>();
  for (const id of order) {
    depth.set(id, Math.max(-1, ...(into.get(id) ?? []).map((edge) => depth.get(edge.from) ?? -1)) + 1);
  }
  for (const id of [...order].reverse()) {
    const uses = (outOf.get(id) ?? []).map((edge) => depth.get(edge.to) ?? 0);
    const now = depth.get(id) ?? 0;
    const lightly = (into.get(id) ?? []).length <= 1;
    if (uses.length > 0 && lightly && now > 0) depth.set(id, Math.max(now, Math.min(...uses) - 1));
  }
  return depth;
}

function ordered(structure: Structure, depth: ReadonlyMap<string, number>): readonly (readonly string[])[] {
  const count = Math.max(-1, ...depth.values()) + 1;
  const layers: string[][] = Array.from({ length: count }, () => []);
  for (const id of structure.order) layers[depth.get(id) ?? 0]?.push(id);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const forward = sweep % 2 === 0;
    const ranks = new Map(layers.flatMap((layer) => layer.map((id, at): [string, number] => [id, at])));
    for (const layer of layers) {
      const weight = new Map(layer.map((id) => [id, meanRank(structure, id, forward, ranks)]));
      layer.sort((a, b) => (weight.get(a) ?? 0) - (weight.get(b) ?? 0));
      for (const [at, id] of layer.entries()) ranks.set(id, at);
    }
  }
  return layers;
}

function meanRank(
  structure: Structure,
  id: string,
  forward: boolean,
  ranks: ReadonlyMap<string, number>,
): number {
  const near = forward
    ? (structure.into.get(id) ?? []).map((edge) => edge.from)
    : (structure.outOf.get(id) ?? []).map((edge) => edge.to);
  const found = near.map((other) => ranks.get(other) ?? 0);
  return found.length > 0 ? found.reduce((sum, rank) => sum + rank, 0) / found.length : (ranks.get(id) ?? 0);
}

/** Stack a column, each node as near to the middle of what feeds it as its neighbours let. */
function place(
  layer: readonly string[],
  x: number,
  size: (id: string) => Size,
  { into }: Structure,
  places: Map<string, Point>,
): void {
  let bottom = Number.NEGATIVE_INFINITY;
  const tops = layer.map((id) => {
    const feeds = (into.get(id) ?? []).flatMap((edge) => places.get(edge.from) ?? []);
    const wanted = feeds.length > 0 ? Math.min(...feeds.map((point) => point.y)) : 0;
    const top = Math.max(wanted, Number.isFinite(bottom) ? bottom + GAP_Y : wanted);
    bottom = top + size(id).height;
    return top;
  });
  for (const [at, id] of layer.entries()) places.set(id, { x, y: Math.round(tops[at] ?? 0) });
}
