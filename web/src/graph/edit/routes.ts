/** How wires run: points on their way, and names that stand for them. */

import { type Doc, linksOf, type Point, put, rounded, type Table, type WireLook, without } from "../document";
import { parseLink, renameTop, topNode } from "../link";
import type { Edge } from "../structure";

/** The side of the square in which a point is grabbed. */
export const POINT = 16;
const UNTOUCHED: WireLook = { points: [], name: null };

/** By what a wire's look is kept: `from.port>to.port`. */
export function wireKey(edge: Edge): string {
  return edge.id.slice(0, edge.id.lastIndexOf("#"));
}

/** The id of a point on the canvas; no node, frame or note has a `>` in its id. */
export function pointId(wire: string, index: number): string {
  return `${wire}@${index}`;
}

export function pointOf(id: string): { readonly wire: string; readonly index: number } | null {
  const at = id.lastIndexOf("@");
  return at < 0 ? null : { wire: id.slice(0, at), index: Number(id.slice(at + 1)) };
}

export function addPoint(doc: Doc, wire: string, index: number, place: Point): Doc {
  const { points } = doc.wires[wire] ?? UNTOUCHED;
  return setLook(doc, wire, { points: points.toSpliced(index, 0, rounded(place)) });
}

export function removePoints(doc: Doc, ids: ReadonlySet<string>): Doc {
  let next = doc;
  for (const wire of wiresWith(ids)) {
    const points = doc.wires[wire]?.points ?? [];
    next = setLook(next, wire, { points: points.filter((_, index) => !ids.has(pointId(wire, index))) });
  }
  return next;
}

/** Move points, each id to the corner of its square. */
export function movePoints(doc: Doc, places: Table<Point>): Doc {
  let next = doc;
  for (const wire of wiresWith(Object.keys(places))) {
    const points = doc.wires[wire]?.points ?? [];
    const moved = points.map((point, index) => {
      const place = places[pointId(wire, index)];
      return place ? rounded({ x: place.x + POINT / 2, y: place.y + POINT / 2 }) : point;
    });
    next = setLook(next, wire, { points: moved });
  }
  return next;
}

export function nameWires(doc: Doc, wires: Iterable<string>, name: (wire: string) => string | null): Doc {
  let next = doc;
  for (const wire of wires) next = setLook(next, wire, { name: name(wire) });
  return next;
}

/** Give the look of one wire to another: an end was plugged elsewhere. */
export function moveLook(doc: Doc, from: string, to: string): Doc {
  const look = doc.wires[from];
  return look && from !== to ? { ...doc, wires: put(put(doc.wires, from, undefined), to, look) } : doc;
}

/** The same document without looks of wires that are gone. */
export function pruned(doc: Doc): Doc {
  const lost = Object.keys(doc.wires).filter((wire) => !stands(doc, wire));
  return lost.length > 0 ? { ...doc, wires: without(doc.wires, new Set(lost)) } : doc;
}

/** Rename the nodes at both ends of every wire. */
export function renameEnds(wires: Table<WireLook>, rename: (id: string) => string): Table<WireLook> {
  const renamed = Object.entries(wires).map(([wire, look]): [string, WireLook] => [
    ends(wire)
      .map((end) => renameTop(end, rename))
      .join(">"),
    look,
  ]);
  return renamed.every(([wire]) => Object.hasOwn(wires, wire)) ? wires : Object.fromEntries(renamed);
}

/** The looks of wires that end at one of these nodes. */
export function looksInto(wires: Table<WireLook>, ids: ReadonlySet<string>): Table<WireLook> {
  return Object.fromEntries(Object.entries(wires).filter(([wire]) => ids.has(endNode(wire))));
}

function setLook(doc: Doc, wire: string, change: Partial<WireLook>): Doc {
  const look = { ...UNTOUCHED, ...doc.wires[wire], ...change };
  const plain = look.points.length === 0 && look.name === null;
  return { ...doc, wires: put(doc.wires, wire, plain ? undefined : look) };
}

function stands(doc: Doc, wire: string): boolean {
  const [source = "", target = ""] = ends(wire);
  const link = parseLink(target);
  return link !== null && linksOf(doc.nodes[link.node]?.inputs[link.port]).includes(source);
}

function endNode(wire: string): string {
  const link = parseLink(ends(wire)[1] ?? "");
  return link ? topNode(link) : "";
}

function ends(wire: string): readonly string[] {
  return wire.split(">");
}

function wiresWith(points: Iterable<string>): ReadonlySet<string> {
  return new Set([...points].flatMap((id) => pointOf(id)?.wire ?? []));
}
