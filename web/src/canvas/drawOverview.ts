/** Draw a graph from afar: frames, notes, wires, boxes with the colour of their state, titles where they can be read. */

import type { Run } from "../api/types";
import { runningOf } from "../graph/bypass";
import type { Box, Point } from "../graph/document";
import type { Size } from "../graph/layout/columns";
import { HEADER, PAD } from "../graph/layout/metrics";
import { drawRoute, type WireStyle } from "../graph/layout/route";
import { drawNotes } from "./drawNotes";
import { heatOpacity } from "./NodeHeat";
import { throughOf } from "./PassedThrough";
import type { Colours } from "./palette";
import { type Scene, type SceneNode, type SceneWire, stopsOf } from "./scene";

export interface Drawing {
  readonly scene: Scene;
  readonly wires: readonly SceneWire[];
  readonly style: WireStyle;
  readonly chosen: ReadonlySet<string>;
  readonly transform: readonly [number, number, number];
  readonly width: number;
  readonly height: number;
  readonly colours: Colours;
  readonly status: (node: string) => string | null;
  /** The small picture of what a node made, where it is here. */
  readonly thumbnail: (node: SceneNode) => (CanvasImageSource & Size) | null;
  readonly run: Run | null;
  /** From 0 to 1; null where heat is not shown. */
  readonly heat: (node: string) => number | null;
}

const READABLE = 0.16;
const MUTED = 0.45;
const DASH = 16;
const FAINT = 0.16;
/** How much a node takes of its own colour. */
const TINT = 0.35;
/** Narrower pictures, in pixels of the screen, say nothing. */
const SMALLEST = 8;

export function drawOverview(context: CanvasRenderingContext2D, drawing: Drawing): void {
  const { transform, width, height } = drawing;
  const [x, y, zoom] = transform;
  const seen = { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };
  context.clearRect(0, 0, width, height);
  context.save();
  context.translate(x, y);
  context.scale(zoom, zoom);
  drawFrames(context, drawing);
  if (zoom >= READABLE) drawNotes(context, drawing);
  drawWires(context, drawing, seen);
  for (const node of drawing.scene.nodes.values())
    if (overlaps(node.box, seen)) drawAny(context, drawing, node);
  context.restore();
}

function drawFrames(context: CanvasRenderingContext2D, { scene, colours }: Drawing): void {
  for (const frame of Object.values(scene.frames)) {
    const mark = colours.mark(frame.colour);
    context.fillStyle = mark ?? colours.frame;
    context.globalAlpha = mark === null ? 1 : FAINT;
    context.fillRect(frame.x, frame.y, frame.width, frame.height);
  }
  context.globalAlpha = 1;
}

/** One path for each colour: a stroke call is what costs. */
function drawWires(
  context: CanvasRenderingContext2D,
  { scene, wires, chosen, style, colours, transform }: Drawing,
  seen: Box,
): void {
  const paths = new Map<string, Path2D>();
  for (const wire of wires) {
    const { edge, colour, look } = wire;
    if (look.name !== null && !chosen.has(edge.from) && !chosen.has(edge.to)) continue;
    const stops = stopsOf(scene, wire);
    if (!stops || !crosses(stops, seen)) continue;
    const path = paths.get(colour) ?? new Path2D();
    paths.set(colour, path);
    drawRoute(path, style, stops);
  }
  context.lineWidth = Math.max(2, 1 / transform[2]);
  for (const [colour, path] of paths) {
    context.strokeStyle = colours.of(colour);
    context.stroke(path);
  }
}

/** A muted node is faint; a bypassed one has a dashed border, and what passes is drawn through it. */
function drawAny(context: CanvasRenderingContext2D, drawing: Drawing, node: SceneNode): void {
  const running = runningOf(node.node);
  context.globalAlpha = running === "muted" ? MUTED : 1;
  if (running === "bypassed") context.setLineDash([DASH, DASH / 2]);
  drawNode(context, drawing, node);
  context.setLineDash([]);
  drawThumbnail(context, drawing, node);
  drawThrough(context, drawing, node);
  context.globalAlpha = 1;
}

/** A postage stamp of what the node made, below its title. */
function drawThumbnail(
  context: CanvasRenderingContext2D,
  { thumbnail, transform }: Drawing,
  node: SceneNode,
): void {
  const { box, layout } = node;
  if (layout.preview === null || layout.preview.width * transform[2] < SMALLEST) return;
  const picture = thumbnail(node);
  if (picture === null) return;
  const room = { width: box.width - 2 * PAD, height: box.height - HEADER - 2 * PAD };
  const scale = Math.min(room.width / picture.width, room.height / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  const x = box.x + (box.width - width) / 2;
  context.drawImage(picture, x, box.y + HEADER + PAD + (room.height - height) / 2, width, height);
}

function drawThrough(context: CanvasRenderingContext2D, { colours }: Drawing, node: SceneNode): void {
  const { x, y, width } = node.box;
  context.lineWidth = 2;
  for (const { colour, from, to } of throughOf(node)) {
    context.strokeStyle = colours.of(colour);
    context.beginPath();
    context.moveTo(x, y + from);
    context.bezierCurveTo(x + width / 2, y + from, x + width / 2, y + to, x + width, y + to);
    context.stroke();
  }
}

function drawNode(
  context: CanvasRenderingContext2D,
  { colours, chosen, status, transform, heat }: Drawing,
  node: SceneNode,
): void {
  const { x, y, width, height } = node.box;
  const zoom = transform[2];
  const now = status(node.id);
  context.fillStyle = now === "running" ? colours.accent : now === "failed" ? colours.error : colours.node;
  context.fillRect(x, y, width, height);
  const share = heat(node.id);
  if (share !== null) {
    context.save();
    context.globalAlpha *= heatOpacity(share);
    context.fillStyle = colours.heat;
    context.fillRect(x, y, width, height);
    context.restore();
  }
  const mark = colours.mark(node.look.colour);
  if (mark !== null) {
    const { globalAlpha } = context;
    context.globalAlpha = globalAlpha * TINT;
    context.fillStyle = mark;
    context.fillRect(x, y, width, height);
    context.globalAlpha = globalAlpha;
  }
  context.lineWidth = (chosen.has(node.id) ? 2 : 1) / zoom;
  context.strokeStyle = chosen.has(node.id)
    ? colours.accent
    : now === "cached" || now === "done"
      ? colours.ok
      : colours.line;
  context.strokeRect(x, y, width, height);
  if (zoom < READABLE) return;
  context.fillStyle = now === "running" || now === "failed" ? colours.node : colours.text;
  context.font = `500 ${Math.min(26, 11 / zoom)}px Inter, sans-serif`;
  context.fillText(node.title, x + 14, y + Math.min(40, height / 2 + 8), width - 28);
}

function overlaps(box: Box, seen: Box): boolean {
  return (
    box.x < seen.x + seen.width &&
    box.x + box.width > seen.x &&
    box.y < seen.y + seen.height &&
    box.y + box.height > seen.y
  );
}

function crosses(stops: readonly Point[], seen: Box): boolean {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of stops) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return overlaps({ x: left, y: top, width: right - left + 1, height: bottom - top + 1 }, seen);
}
