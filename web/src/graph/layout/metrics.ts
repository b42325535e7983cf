/** Where everything stands on a node, from its spec alone: nothing is measured in the DOM. */

import type { InputSpec, NodeSpec, OutputSpec } from "../catalog";
import type { Box } from "../document";
import { isList } from "../json";

export const HEADER = 32;
export const ROW = 24;
export const FIELD = 26;
export const FIELD_GAP = 4;
export const PAD = 8;
export const SOCKET = 10;
export const LINE = 16;
/** A node that gives a picture is as wide as the picture is high. */
export const PREVIEW = 240;
/** What a node has written stands in so many lines; more of it is scrolled. */
export const WORDS = 5 * LINE + 8;
const PICTURED = 260;
const PICTURES = new Set(["Image", "Mask"]);
const CHAR = 6.7;
const MIN_WIDTH = 176;
const MAX_WIDTH = 280;

export type FieldKind =
  | "number"
  | "slider"
  | "seed"
  | "choice"
  | "toggle"
  | "line"
  | "prompt"
  | "lines"
  | "model"
  | "image";

/** A row with sockets: an input at the left, an output at the right, or one of them. */
export interface PortRow {
  readonly kind: "ports";
  readonly y: number;
  readonly input: InputSpec | null;
  readonly output: OutputSpec | null;
}

export interface FieldRow {
  readonly kind: "field";
  readonly y: number;
  readonly height: number;
  readonly input: InputSpec;
  readonly field: FieldKind;
}

export interface Handle {
  readonly id: string;
  readonly side: "input" | "output";
  /** The middle of the socket. */
  readonly x: number;
  readonly y: number;
}

/** What a run lets a node show below its rows. */
export type Shown = "picture" | "words";

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly rows: readonly (PortRow | FieldRow)[];
  readonly handles: readonly Handle[];
  readonly preview: (Box & { readonly shown: Shown }) | null;
}

export interface Drawn {
  readonly title: string;
  readonly wired: ReadonlySet<string>;
  readonly collapsed: boolean;
  readonly preview: Shown | null;
  /** Lines of an error or a note below the rows. */
  readonly strip: number;
}

const memory = new WeakMap<NodeSpec, Map<string, Layout>>();

export function layoutOf(spec: NodeSpec, drawn: Drawn): Layout {
  const known = memory.get(spec) ?? new Map<string, Layout>();
  memory.set(spec, known);
  const key = `${drawn.title.length}|${[...drawn.wired].sort().join(",")}|${drawn.collapsed}|${drawn.preview}|${drawn.strip}`;
  const layout = known.get(key) ?? (drawn.collapsed ? folded(spec, drawn) : unfolded(spec, drawn));
  known.set(key, layout);
  return layout;
}

/** How a port is edited; null where it can only be wired. */
export function fieldKind(port: InputSpec): FieldKind | null {
  const { schema, widget } = port;
  if (schema === null) return null;
  if (isList(schema.enum)) return "choice";
  if (schema.type === "boolean") return "toggle";
  if (schema.type === "array") return "lines";
  if (widget?.kind === "slider" || widget?.kind === "seed") return widget.kind;
  if (widget?.kind === "prompt" || widget?.kind === "model" || widget?.kind === "image") return widget.kind;
  return schema.type === "integer" || schema.type === "number" ? "number" : "line";
}

export function fieldHeight(kind: FieldKind): number {
  return kind === "prompt" || kind === "lines" ? 3 * LINE + 10 : FIELD;
}

function unfolded(spec: NodeSpec, drawn: Drawn): Layout {
  const width = widthOf(spec, drawn.title);
  const sockets = spec.inputs.filter((port) => fieldKind(port) === null || drawn.wired.has(port.name));
  const rows: (PortRow | FieldRow)[] = [];
  let y = HEADER + 4;
  for (let at = 0; at < Math.max(sockets.length, spec.outputs.length); at += 1) {
    rows.push({ kind: "ports", y, input: sockets[at] ?? null, output: spec.outputs[at] ?? null });
    y += ROW;
  }
  const fields = spec.inputs.filter((port) => !sockets.includes(port));
  if (rows.length > 0 && fields.length > 0) y += 4;
  for (const input of fields) {
    const field = fieldKind(input) ?? "line";
    const height = fieldHeight(field);
    rows.push({ kind: "field", y, height, input, field });
    y += height + FIELD_GAP;
  }
  y += fields.length > 0 ? PAD - FIELD_GAP : 4;
  const shown = drawn.preview;
  const room = shown === "words" ? WORDS : PREVIEW;
  const preview = shown && { shown, x: PAD + 2, y, width: width - 2 * PAD - 4, height: room };
  if (preview) y += room + PAD;
  if (drawn.strip > 0) y += drawn.strip * LINE + 2 * PAD;
  return { width, height: y, rows, preview, handles: rows.flatMap((row) => handlesOf(row, width)) };
}

/** Only the header stands; all sockets share its edge. */
function folded(spec: NodeSpec, drawn: Drawn): Layout {
  const width = widthOf(spec, drawn.title);
  const inputs = spec.inputs.map((port): Handle => ({ id: port.name, side: "input", x: 0, y: HEADER / 2 }));
  const outputs = spec.outputs.map(
    (port): Handle => ({ id: port.name, side: "output", x: width, y: HEADER / 2 }),
  );
  return { width, height: HEADER, rows: [], preview: null, handles: [...inputs, ...outputs] };
}

function handlesOf(row: PortRow | FieldRow, width: number): readonly Handle[] {
  if (row.kind === "field") {
    return [{ id: row.input.name, side: "input", x: 0, y: row.y + Math.min(row.height, FIELD) / 2 }];
  }
  const y = row.y + ROW / 2;
  const input: Handle[] = row.input ? [{ id: row.input.name, side: "input", x: 0, y }] : [];
  const output: Handle[] = row.output ? [{ id: row.output.name, side: "output", x: width, y }] : [];
  return [...input, ...output];
}

function widthOf(spec: NodeSpec, title: string): number {
  const long = spec.inputs.some((port) => ["prompt", "lines"].includes(fieldKind(port) ?? ""));
  const sockets = spec.inputs.filter((port) => fieldKind(port) === null);
  const pairs = spec.outputs.map(
    (port, at) => textWidth(port.name) + textWidth(sockets[at]?.name ?? "") + 56,
  );
  const fields = spec.inputs
    .filter((port) => fieldKind(port) !== null)
    .map((port) => textWidth(port.name) + 110);
  const pictured = spec.outputs.some(({ type }) => PICTURES.has(type.name)) ? PICTURED : 0;
  const wanted = Math.max(
    MIN_WIDTH,
    pictured,
    textWidth(title) * 1.1 + 106,
    ...pairs,
    ...fields,
    long ? 248 : 0,
  );
  return Math.min(MAX_WIDTH, Math.ceil(wanted / 8) * 8);
}

function textWidth(text: string): number {
  return text.length * CHAR;
}

/** The place of one socket in the graph. */
export function socketAt(
  layout: Layout,
  box: { readonly x: number; readonly y: number },
  side: Handle["side"],
  id: string,
) {
  const handle = layout.handles.find((other) => other.side === side && other.id === id);
  return handle && { x: box.x + handle.x, y: box.y + handle.y };
}
