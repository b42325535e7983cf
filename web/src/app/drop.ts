/** What is dropped on the page: a node from the library, a file or a text that holds a graph. Nothing is ever run. */

import { wireUnder } from "../canvas/dragging";
import type { NodeSpec } from "../graph/catalog";
import type { Point } from "../graph/document";
import { place, spliceInto } from "./actions/build";
import { camera } from "./camera";
import { t } from "./i18n";
import { knowledge } from "./knowledge";
import { receiveFile, receiveText } from "./receiving";
import { scene } from "./stage";

/** How far from a wire a node may be dropped to go into it. */
const NEAR = 24;
const NODE = "application/x-promptograph-node";
const TEXT = "text/plain";

export function listenToDrops(): void {
  addEventListener("dragover", allowDrop);
  addEventListener("drop", acceptDrop);
}

/** Place a node; into the wire that it was dropped on, where it fits. */
function placeAt(spec: NodeSpec, at: Point): void {
  const id = place({ spec, port: null }, { x: at.x - 100, y: at.y - 16 }, null);
  const node = scene().nodes.get(id);
  const near = { x: at.x - NEAR, y: at.y - NEAR, width: 2 * NEAR, height: 2 * NEAR };
  const wire = node ? wireUnder(scene(), node, near) : null;
  if (wire !== null) spliceInto(id, wire, {});
}

function allowDrop(event: DragEvent): void {
  const types = event.dataTransfer?.types ?? [];
  if (types.includes(NODE) || types.includes("Files")) event.preventDefault();
  else if (types.includes(TEXT) && !isField(event.target)) event.preventDefault();
}

function acceptDrop(event: DragEvent): void {
  if (!event.dataTransfer) return;
  const spec = knowledge.getState().know.catalog[event.dataTransfer.getData(NODE)];
  const at = camera()?.toGraph({ x: event.clientX, y: event.clientY });
  if (spec && at) placeAt(spec, at);
  const [file] = event.dataTransfer.files;
  const text = file || spec || isField(event.target) ? "" : event.dataTransfer.getData(TEXT);
  if (file || spec || text) event.preventDefault();
  if (file) void receiveFile(file);
  else if (text) void receiveText(text, t("drop.text"));
}

/** A text that is dropped on a field goes into it. */
function isField(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches("input, textarea");
}
