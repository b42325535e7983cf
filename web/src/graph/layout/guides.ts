/** Lines that help while something is dragged: it snaps to the edges and middles of what is near. */

import type { Box, Point } from "../document";

export interface Guide {
  readonly axis: "x" | "y";
  readonly at: number;
  /** How far the line goes along the other axis. */
  readonly from: number;
  readonly to: number;
}

export interface Snap {
  readonly by: Point;
  readonly guides: readonly Guide[];
}

const NEAR = 1400;

/** Where a box should move so that an edge or its middle stands in line with a neighbour's. */
export function snapTo(box: Box, others: readonly Box[], reach: number): Snap {
  const near = others.filter((other) => distance(box, other) < NEAR);
  const across = best(box, near, "x", reach);
  const down = best(box, near, "y", reach);
  const by = { x: across?.by ?? 0, y: down?.by ?? 0 };
  const moved = { ...box, x: box.x + by.x, y: box.y + by.y };
  const guides = [across && guideOf("x", moved, across), down && guideOf("y", moved, down)];
  return { by, guides: guides.flatMap((guide) => guide ?? []) };
}

interface Match {
  readonly by: number;
  readonly at: number;
  readonly other: Box;
}

/** The smallest move; of equal ones to what is nearest. */
function best(box: Box, others: readonly Box[], axis: "x" | "y", reach: number): Match | null {
  let found: Match | null = null;
  for (const other of others) {
    for (const [own, at] of lines(box, other, axis)) {
      const by = at - own;
      if (Math.abs(by) > reach) continue;
      const better =
        found === null ||
        Math.abs(by) < Math.abs(found.by) ||
        (Math.abs(by) === Math.abs(found.by) && distance(box, other) < distance(box, found.other));
      if (better) found = { by, at, other };
    }
  }
  return found;
}

/** Edges meet edges and middles meet middles: more would pull everywhere. */
function lines(box: Box, other: Box, axis: "x" | "y"): readonly (readonly [number, number])[] {
  const [a, b] = [span(box, axis), span(other, axis)];
  return [
    [a.start, b.start],
    [a.end, b.end],
    [(a.start + a.end) / 2, (b.start + b.end) / 2],
    [a.start, b.end],
    [a.end, b.start],
  ];
}

function guideOf(axis: "x" | "y", box: Box, { at, other }: Match): Guide {
  const cross = axis === "x" ? "y" : "x";
  const [a, b] = [span(box, cross), span(other, cross)];
  return { axis, at, from: Math.min(a.start, b.start), to: Math.max(a.end, b.end) };
}

function span(box: Box, axis: "x" | "y") {
  const size = axis === "x" ? box.width : box.height;
  return { start: box[axis], end: box[axis] + size };
}

function distance(a: Box, b: Box): number {
  return Math.hypot(a.x + a.width / 2 - b.x - b.width / 2, a.y + a.height / 2 - b.y - b.height / 2);
}
