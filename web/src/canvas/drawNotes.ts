/** Draw the notes of a graph from afar: their text as large as it can be read, as much of it as there is room for. */

import type { Note } from "../graph/document";
import type { Drawing } from "./drawOverview";

/** The share of the notes' own colour in their paper, as in the stylesheet. */
const PAPER = 0.16;
const PAD = 12;
/** Pixels: in the graph at least, and on the screen. */
const LETTER = 13;
const LEGIBLE = 11;
const LINE = 1.4;

export function drawNotes(context: CanvasRenderingContext2D, { scene, colours, transform }: Drawing): void {
  const size = Math.max(LETTER, LEGIBLE / transform[2]);
  context.font = `${size}px Inter, sans-serif`;
  for (const note of Object.values(scene.notes)) {
    context.fillStyle = colours.node;
    context.fillRect(note.x, note.y, note.width, note.height);
    context.globalAlpha = PAPER;
    context.fillStyle = colours.note;
    context.fillRect(note.x, note.y, note.width, note.height);
    context.globalAlpha = 1;
    context.fillStyle = colours.text;
    write(context, note, size);
  }
}

function write(context: CanvasRenderingContext2D, { x, y, width, height, text }: Note, size: number): void {
  const room = Math.floor((height - 2 * PAD) / (size * LINE));
  const lines = wrapped(text, width - 2 * PAD, (part) => context.measureText(part).width);
  const shown = lines.slice(0, room);
  if (shown.length < lines.length) shown.push(`${shown.pop() ?? ""} …`);
  shown.forEach((line, number) => {
    context.fillText(line, x + PAD, y + PAD + size * (number * LINE + 1), width - 2 * PAD);
  });
}

/** Break a text into lines between words; a word that is longer than a line stays whole. */
export function wrapped(text: string, width: number, measure: (part: string) => number): readonly string[] {
  return text.split("\n").flatMap((paragraph) => {
    const lines: string[] = [];
    for (const word of paragraph.split(" ")) {
      const longer = `${lines.at(-1) ?? ""} ${word}`;
      if (lines.length > 0 && measure(longer) <= width) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  });
}
