/** Copy and paste as JSON text: a document of its own, so that a paste into a file is a graph that runs. */

import {
  type Doc,
  EMPTY,
  mapTable,
  type Point,
  rounded,
  type Table,
  type Wire,
  type WireLook,
} from "./document";
import { boundsOf } from "./edit/marks";
import { mapWire } from "./edit/nodes";
import { looksInto, pruned, renameEnds } from "./edit/routes";
import { freeName } from "./ids";
import { parseLink, renameTop, topNode } from "./link";
import { readText } from "./read";
import { documentText } from "./write";

/** The chosen nodes, frames and notes as text; links from outside are kept, for a paste with links. */
export function copyText(doc: Doc, ids: ReadonlySet<string>): string {
  const part: Doc = {
    ...EMPTY,
    nodes: chosen(doc.nodes, ids),
    positions: chosen(doc.positions, ids),
    looks: chosen(doc.looks, ids),
    frames: chosen(doc.frames, ids),
    notes: chosen(doc.notes, ids),
    wires: looksInto(doc.wires, ids),
  };
  return documentText(part);
}

export interface Pasted {
  readonly doc: Doc;
  readonly ids: ReadonlySet<string>;
}

/** Read text that was copied, or any graph; null where the text is none. */
export function readClipboard(text: string): Doc | null {
  try {
    return readText(text);
  } catch {
    return null;
  }
}

/** Paste a part with fresh ids, its corner at a place; links to nodes that were not copied are kept where asked. */
export function paste(doc: Doc, part: Doc, place: Point | null, outside: "keep" | "drop"): Pasted {
  const names = renaming(doc, part);
  const rename = (id: string) => names.get(id) ?? id;
  const by = offset(part, place);
  const moved = <V extends Point>(value: V): V => ({
    ...value,
    ...rounded({ x: value.x + by.x, y: value.y + by.y }),
  });
  const shifted = (look: WireLook): WireLook => ({ ...look, points: look.points.map(moved) });
  const kept = (text: string) => {
    const link = parseLink(text);
    if (link === null) return false;
    const top = topNode(link);
    return Object.hasOwn(part.nodes, top) || (outside === "keep" && Object.hasOwn(doc.nodes, top));
  };
  const nodes = mapTable(part.nodes, (node) => ({ ...node, inputs: relinked(node.inputs, kept, rename) }));
  return {
    doc: pruned({
      ...doc,
      nodes: { ...doc.nodes, ...renamed(nodes, rename) },
      positions: { ...doc.positions, ...renamed(mapTable(part.positions, moved), rename) },
      looks: { ...doc.looks, ...renamed(part.looks, rename) },
      frames: { ...doc.frames, ...renamed(mapTable(part.frames, moved), rename) },
      notes: { ...doc.notes, ...renamed(mapTable(part.notes, moved), rename) },
      wires: { ...doc.wires, ...renameEnds(mapTable(part.wires, shifted), rename) },
    }),
    ids: new Set(names.values()),
  };
}

/** Copy nodes beside themselves, with the links that come in from outside. */
export function duplicate(doc: Doc, ids: ReadonlySet<string>, by: Point, outside: "keep" | "drop"): Pasted {
  const part = readText(copyText(doc, ids));
  const corner = boundsOf(corners(part));
  const place = corner && { x: corner.x + by.x, y: corner.y + by.y };
  return paste(doc, part, place, outside);
}

function renaming(doc: Doc, part: Doc): ReadonlyMap<string, string> {
  const taken: Record<string, unknown> = { ...doc.nodes, ...doc.frames, ...doc.notes };
  const names = new Map<string, string>();
  for (const id of [part.nodes, part.frames, part.notes].flatMap((table) => Object.keys(table))) {
    const name = freeName(taken, id);
    taken[name] = true;
    names.set(id, name);
  }
  return names;
}

function relinked(
  inputs: Table<Wire>,
  kept: (text: string) => boolean,
  rename: (id: string) => string,
): Table<Wire> {
  const entries = Object.entries(inputs).flatMap(([port, wire]): [string, Wire][] => {
    if (typeof wire === "string") return kept(wire) ? [[port, renameTop(wire, rename)]] : [];
    const left = wire.filter(kept);
    return left.length > 0 ? [[port, mapWire(left, (text) => renameTop(text, rename))]] : [];
  });
  return Object.fromEntries(entries);
}

function offset(part: Doc, place: Point | null): Point {
  const corner = boundsOf(corners(part));
  return corner && place ? { x: place.x - corner.x, y: place.y - corner.y } : { x: 0, y: 0 };
}

function corners(part: Doc) {
  const points = [part.positions, part.frames, part.notes].flatMap((table): Point[] => Object.values(table));
  return points.map(({ x, y }) => ({ x, y, width: 0, height: 0 }));
}

function chosen<V>(table: Table<V>, ids: ReadonlySet<string>): Table<V> {
  return Object.fromEntries(Object.entries(table).filter(([id]) => ids.has(id)));
}

function renamed<V>(table: Table<V>, rename: (id: string) => string): Table<V> {
  return Object.fromEntries(Object.entries(table).map(([id, value]) => [rename(id), value]));
}
