/** The way of a wire through its points: curved, straight or in right angles. */

import type { Box, Point } from "../document";

export const WIRE_STYLES = ["curved", "straight", "orthogonal"] as const;
export type WireStyle = (typeof WIRE_STYLES)[number];

/** What draws: a canvas' path, or a text of SVG. */
export interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  bezierCurveTo(ax: number, ay: number, bx: number, by: number, x: number, y: number): void;
}

const STUB = 16;
const SAMPLES = 14;

/** Draw a wire: the first stop is the output, the last the input, the others its points. */
export function drawRoute(pen: Pen, style: WireStyle, stops: readonly Point[]): void {
  const [start] = stops;
  if (!start) return;
  pen.moveTo(start.x, start.y);
  for (let part = 0; part + 1 < stops.length; part += 1) drawPart(pen, style, stops, part);
}

export function svgRoute(style: WireStyle, stops: readonly Point[]): string {
  const text: string[] = [];
  drawRoute(
    {
      moveTo: (x, y) => text.push(`M${x} ${y}`),
      lineTo: (x, y) => text.push(`L${x} ${y}`),
      bezierCurveTo: (...numbers) => text.push(`C${numbers.join(" ")}`),
    },
    style,
    stops,
  );
  return text.join("");
}

export interface Near {
  /** Which part of the wire it is: 0 is from the output to the first point. */
  readonly part: number;
  readonly point: Point;
  readonly distance: number;
}

/** The place of a wire that is nearest to a point. */
export function nearest(style: WireStyle, stops: readonly Point[], to: Point): Near | null {
  let best: Near | null = null;
  for (const [part, line] of partsOf(style, stops).entries()) {
    for (const [a, b] of pairs(line)) {
      const point = closest(a, b, to);
      const distance = Math.hypot(point.x - to.x, point.y - to.y);
      if (best === null || distance < best.distance) best = { part, point, distance };
    }
  }
  return best;
}

/** The middle of a wire's longest part. */
export function middleOf(style: WireStyle, stops: readonly Point[]): Near | null {
  const parts = partsOf(style, stops).map((line, part) => ({ part, line, length: lengthOf(line) }));
  const longest = parts.sort((a, b) => b.length - a.length)[0];
  const point = longest && along(longest.line, longest.length / 2);
  return point ? { part: longest.part, point, distance: 0 } : null;
}

/** Whether a stroke of the pointer goes across a wire. */
export function crossed(style: WireStyle, stops: readonly Point[], stroke: readonly Point[]): boolean {
  const wire = pairs(partsOf(style, stops).flat());
  return pairs(stroke).some(([a, b]) => wire.some(([c, d]) => cross(a, b, c, d)));
}

/** How near to the middle of a box a wire passes; null where it does not pass through it. */
export function passes(style: WireStyle, stops: readonly Point[], box: Box): number | null {
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const near = nearest(style, stops, middle);
  if (!near) return null;
  const within =
    Math.abs(near.point.x - middle.x) <= box.width / 2 && Math.abs(near.point.y - middle.y) <= box.height / 2;
  return within ? near.distance : null;
}

function drawPart(pen: Pen, style: WireStyle, stops: readonly Point[], part: number): void {
  const [a, b] = [stops[part], stops[part + 1]];
  if (!a || !b) return;
  if (style === "straight") pen.lineTo(b.x, b.y);
  else if (style === "orthogonal") elbow(pen, a, b, part === 0, part + 2 === stops.length);
  else curve(pen, stops, part, a, b);
}

/** Sockets are left and entered level; a point is passed in the direction of its neighbours. */
function curve(pen: Pen, stops: readonly Point[], part: number, a: Point, b: Point): void {
  const pull = stops.length === 2 ? bend(b.x - a.x) : 0.36 * Math.hypot(b.x - a.x, b.y - a.y);
  const out = direction(stops[part - 1], b);
  const enter = direction(a, stops[part + 2]);
  pen.bezierCurveTo(
    a.x + out.x * pull,
    a.y + out.y * pull,
    b.x - enter.x * pull,
    b.y - enter.y * pull,
    b.x,
    b.y,
  );
}

function bend(across: number): number {
  return across >= 0 ? across / 2 : 8 * Math.sqrt(-across);
}

function direction(before: Point | undefined, after: Point | undefined): Point {
  const length = before && after ? Math.hypot(after.x - before.x, after.y - before.y) : 0;
  if (!before || !after || length === 0) return { x: 1, y: 0 };
  return { x: (after.x - before.x) / length, y: (after.y - before.y) / length };
}

/** Across, down, across; back around where the end lies behind the start. */
function elbow(pen: Pen, a: Point, b: Point, fromSocket: boolean, toSocket: boolean): void {
  if (b.x >= a.x) {
    const x = (a.x + b.x) / 2;
    pen.lineTo(x, a.y);
    pen.lineTo(x, b.y);
  } else {
    const y = (a.y + b.y) / 2;
    const left = a.x + (fromSocket ? STUB : 0);
    const right = b.x - (toSocket ? STUB : 0);
    pen.lineTo(left, a.y);
    pen.lineTo(left, y);
    pen.lineTo(right, y);
    pen.lineTo(right, b.y);
  }
  pen.lineTo(b.x, b.y);
}

/** Each part of a wire as short straight pieces. */
function partsOf(style: WireStyle, stops: readonly Point[]): readonly (readonly Point[])[] {
  return stops.slice(0, -1).map((start, part) => {
    const line = new Sampled(start);
    drawPart(line, style, stops, part);
    return line.points;
  });
}

class Sampled implements Pen {
  readonly points: Point[];

  constructor(start: Point) {
    this.points = [start];
  }

  moveTo(x: number, y: number): void {
    this.points.push({ x, y });
  }

  lineTo(x: number, y: number): void {
    this.points.push({ x, y });
  }

  bezierCurveTo(ax: number, ay: number, bx: number, by: number, x: number, y: number): void {
    const start = this.points.at(-1) ?? { x, y };
    for (let sample = 1; sample <= SAMPLES; sample += 1) {
      const t = sample / SAMPLES;
      this.points.push({ x: cubic(t, start.x, ax, bx, x), y: cubic(t, start.y, ay, by, y) });
    }
  }
}

function cubic(t: number, a: number, b: number, c: number, d: number): number {
  const s = 1 - t;
  return s * s * s * a + 3 * s * s * t * b + 3 * s * t * t * c + t * t * t * d;
}

function pairs(line: readonly Point[]): readonly (readonly [Point, Point])[] {
  return line.slice(1).flatMap((b, at) => {
    const a = line[at];
    return a ? [[a, b] as const] : [];
  });
}

function lengthOf(line: readonly Point[]): number {
  return pairs(line).reduce((sum, [a, b]) => sum + Math.hypot(b.x - a.x, b.y - a.y), 0);
}

function along(line: readonly Point[], way: number): Point | null {
  let left = way;
  for (const [a, b] of pairs(line)) {
    const length = Math.hypot(b.x - a.x, b.y - a.y);
    if (length >= left && length > 0) return between(a, b, left / length);
    left -= length;
  }
  return line.at(-1) ?? null;
}

function closest(a: Point, b: Point, to: Point): Point {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const square = dx * dx + dy * dy;
  const share = square === 0 ? 0 : ((to.x - a.x) * dx + (to.y - a.y) * dy) / square;
  return between(a, b, Math.min(1, Math.max(0, share)));
}

function between(a: Point, b: Point, share: number): Point {
  return { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share };
}

function cross(a: Point, b: Point, c: Point, d: Point): boolean {
  return side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b);
}

function side(a: Point, b: Point, c: Point): boolean {
  return (b.x - a.x) * (c.y - a.y) > (b.y - a.y) * (c.x - a.x);
}
