/** Where the nodes of graphs that ship stand, so that the first page waits for no layout. */

import type { Doc, Point, Table } from "../graph/document";

const TEXT_TO_IMAGE: Table<Point> = {
  model: { x: 0, y: 208 },
  tokens: { x: 216, y: 0 },
  negative_tokens: { x: 216, y: 208 },
  empty: { x: 496, y: 416 },
  positive: { x: 496, y: 24 },
  negative: { x: 496, y: 232 },
  guidance: { x: 752, y: 144 },
  sampler: { x: 984, y: 104 },
  decode: { x: 1264, y: 120 },
};

/** The places of a graph that ships; null where it is another graph. */
export function knownPlaces(doc: Doc): Table<Point> | null {
  const ids = Object.keys(doc.nodes);
  const same = ids.length === Object.keys(TEXT_TO_IMAGE).length && ids.every((id) => TEXT_TO_IMAGE[id]);
  return same ? TEXT_TO_IMAGE : null;
}
