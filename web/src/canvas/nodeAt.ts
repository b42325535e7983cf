/** The graph's node below a point of the screen. */

import type { Point } from "../graph/document";

export function nodeAt({ x, y }: Point): string | null {
  const node = document.elementFromPoint(x, y)?.closest(".react-flow__node-node");
  return node?.getAttribute("data-id") ?? null;
}
