/** Where the nodes of graphs that ship stand, so that the first page waits for no layout. */

import type { Doc, Point, Table } from "../graph/document";

const COLUMNS = { model: 0, text: 240, condition: 552, sample: 816, result: 1112 };

const TEXT_TO_IMAGE: Table<Point> = {
  tokens: { x: COLUMNS.text, y: 0 },
  negative_tokens: { x: COLUMNS.text, y: 208 },
  model: { x: COLUMNS.model, y: 168 },
  positive: { x: COLUMNS.condition, y: 0 },
  negative: { x: COLUMNS.condition, y: 152 },
  guidance: { x: COLUMNS.condition, y: 304 },
  empty: { x: COLUMNS.text, y: 432 },
  sampler: { x: COLUMNS.sample, y: 72 },
  decode: { x: COLUMNS.result, y: 96 },
};

/** The places of a graph that ships; null where it is another graph. */
export function knownPlaces(doc: Doc): Table<Point> | null {
  const ids = Object.keys(doc.nodes);
  const same = ids.length === Object.keys(TEXT_TO_IMAGE).length && ids.every((id) => TEXT_TO_IMAGE[id]);
  return same ? TEXT_TO_IMAGE : null;
}
