/** Frames and notes, and what moves and goes together with them. */

import {
  type Bookmark,
  type Box,
  type Doc,
  type Frame,
  type Note,
  type Point,
  put,
  rounded,
  type Table,
  without,
} from "../document";
import { freshName } from "../ids";
import { moveNodes, setLook } from "./nodes";
import { movePoints, removePoints } from "./routes";

export function addFrame(doc: Doc, box: Box, title: string): { readonly doc: Doc; readonly id: string } {
  const id = freshName(doc.frames, "frame_");
  const frame = { ...roundedBox(box), title, colour: null };
  return { doc: { ...doc, frames: put(doc.frames, id, frame) }, id };
}

export function addNote(doc: Doc, place: Point): { readonly doc: Doc; readonly id: string } {
  const id = freshName(doc.notes, "note_");
  const note = { ...rounded(place), width: 240, height: 120, text: "" };
  return { doc: { ...doc, notes: put(doc.notes, id, note) }, id };
}

export function setFrame(doc: Doc, id: string, change: Partial<Frame>): Doc {
  const frame = doc.frames[id];
  return frame ? { ...doc, frames: put(doc.frames, id, { ...frame, ...change }) } : doc;
}

export function setNote(doc: Doc, id: string, change: Partial<Note>): Doc {
  const note = doc.notes[id];
  return note ? { ...doc, notes: put(doc.notes, id, { ...note, ...change }) } : doc;
}

/** The colours of frames and nodes, as the document names them. */
export const COLOURS = ["red", "orange", "yellow", "green", "teal", "blue", "violet", "grey"] as const;
export type Colour = (typeof COLOURS)[number];

/** Colour frames and nodes; null takes the colour away. */
export function setColour(doc: Doc, ids: Iterable<string>, colour: Colour | null): Doc {
  let next = doc;
  for (const id of ids) {
    if (doc.frames[id]) next = setFrame(next, id, { colour });
    else if (doc.nodes[id]) next = setLook(next, [id], { colour });
  }
  return next;
}

export function setBookmark(doc: Doc, digit: string, { x, y, zoom }: Bookmark): Doc {
  const kept = { ...rounded({ x, y }), zoom: Math.round(zoom * 1000) / 1000 };
  return { ...doc, bookmarks: put(doc.bookmarks, digit, kept) };
}

/** Remove frames, notes and points of wires. */
export function removeMarks(doc: Doc, ids: ReadonlySet<string>): Doc {
  return { ...removePoints(doc, ids), frames: without(doc.frames, ids), notes: without(doc.notes, ids) };
}

/** Move nodes, frames, notes and points of wires together; each id leads to its new place. */
export function moveAll(doc: Doc, places: Table<Point>): Doc {
  const owned = (table: Table<unknown>) =>
    Object.fromEntries(Object.entries(places).filter(([id]) => Object.hasOwn(table, id)));
  let next = movePoints(moveNodes(doc, owned(doc.nodes)), places);
  for (const [id, place] of Object.entries(owned(doc.frames))) next = setFrame(next, id, rounded(place));
  for (const [id, place] of Object.entries(owned(doc.notes))) next = setNote(next, id, rounded(place));
  return next;
}

/** The nodes and notes that lie inside a frame, by their middle; `boxes` are those of all of them. */
export function inside(frame: Box, boxes: Table<Box>): readonly string[] {
  return Object.keys(boxes).filter((id) => {
    const box = boxes[id];
    if (!box) return false;
    const x = box.x + box.width / 2;
    const y = box.y + box.height / 2;
    return x > frame.x && x < frame.x + frame.width && y > frame.y && y < frame.y + frame.height;
  });
}

export function boundsOf(boxes: readonly Box[]): Box | null {
  if (boxes.length === 0) return null;
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}

function roundedBox(box: Box): Box {
  return { ...rounded(box), width: Math.round(box.width), height: Math.round(box.height) };
}
