/** Where the canvas looks: moved by commands, done by React Flow. */

import { boxes } from "../canvas/scene";
import type { Bookmark, Box, Point } from "../graph/document";
import { boundsOf } from "../graph/edit/marks";
import { scene } from "./stage";
import { view } from "./view";

export interface Camera {
  /** Show a box with some air around it. */
  show(box: Box, animate: boolean): void;
  zoom(): number;
  zoomBy(factor: number): void;
  zoomTo(zoom: number): void;
  toGraph(screen: Point): Point;
  toScreen(point: Point): Point;
  /** Look at a place again as it was. */
  goTo(bookmark: Bookmark): void;
  /** The middle of what is seen. */
  middle(): Point;
}

let current: Camera | null = null;

export function setCamera(camera: Camera | null): void {
  current = camera;
}

export function camera(): Camera | null {
  return current;
}

export function fitAll(animate = true): void {
  const box = boundsOf(Object.values(boxes(scene())));
  if (box) current?.show(box, animate);
}

export function fitChosen(): void {
  const { chosen } = view.getState();
  const found = Object.entries(boxes(scene())).filter(([id]) => chosen.has(id));
  const box = boundsOf(found.map(([, place]) => place));
  if (box) current?.show(box, true);
  else fitAll();
}

export function lookAt(id: string): void {
  const box = boxes(scene())[id];
  if (box) current?.show(box, true);
}
