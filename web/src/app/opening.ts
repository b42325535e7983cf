/** Open a graph on the desk; one without places is laid out first, so that it does not jump. */

import { boxes, sceneOf } from "../canvas/scene";
import type { Doc } from "../graph/document";
import { moveAll } from "../graph/edit/marks";
import { tidy } from "../graph/layout/elk";
import { openDocument } from "./desk";
import { knowledge } from "./knowledge";
import { knownPlaces } from "./places";

const PATIENCE_MS = 3000;
const MANY = 400;

export async function openPlaced(doc: Doc): Promise<void> {
  openDocument(await placed(doc));
}

async function placed(doc: Doc): Promise<Doc> {
  const count = Object.keys(doc.nodes).length;
  if (Object.keys(doc.positions).length > 0 || count === 0 || count > MANY) return doc;
  const known = knownPlaces(doc);
  if (known) return moveAll(doc, known);
  const drawn = sceneOf(knowledge.getState().know, doc, "", { shown: new Map(), faults: {} }, null);
  const places = tidy(doc, boxes(drawn), new Set(drawn.nodes.keys()), (id) => {
    const node = drawn.nodes.get(id);
    if (!node) throw new Error(`${id} is not drawn`);
    return node.layout;
  });
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE_MS));
  const found = await Promise.race([places.catch(() => null), late]);
  return found ? moveAll(doc, found) : doc;
}
