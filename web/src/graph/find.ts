/** Find what stands anywhere in a graph, inside subgraphs too: by name, type, value, note, or what is wrong with it. */

import { compact } from "./canonical";
import type { Doc } from "./document";
import type { Path } from "./level";
import { fuzzy } from "./search";
import { innerGraph, type Knowledge, specOf, titleOf } from "./spec";
import { structureOf } from "./structure";

export interface Word {
  readonly kind: "title" | "id" | "type" | "value" | "error" | "text";
  readonly text: string;
}

/** Something that can be gone to: a node, a frame or a note of some level. */
export interface Spot {
  readonly path: Path;
  /** The titles of the subgraphs on the way. */
  readonly way: readonly string[];
  readonly id: string;
  readonly title: string;
  readonly type: string;
  readonly category: string;
  readonly words: readonly Word[];
}

export interface Found {
  readonly spot: Spot;
  /** The word that matched. */
  readonly word: Word;
}

/** What is wrong with a node, as sentences; `flat` is its id in the flat graph. */
export type Faults = (level: Doc, id: string, flat: string) => readonly string[];

const DEPTH = 16;

/** Everything of a document, level by level. */
export function spotsOf(know: Knowledge, doc: Doc, faults: Faults): readonly Spot[] {
  return levelSpots(know, doc, faults, [], []);
}

/** The spots that match, best first; without a query all of them. */
export function find(query: string, spots: readonly Spot[]): readonly Found[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === "") return spots.flatMap((spot) => (spot.words[0] ? [{ spot, word: spot.words[0] }] : []));
  const scored = spots.flatMap((spot) => {
    const words = spot.words.map((word) => ({ word, score: scoreOf(wanted, word) }));
    const best = words.reduce((a, b) => (b.score > a.score ? b : a));
    return best.score > 0 ? [{ spot, ...best }] : [];
  });
  return scored.sort((a, b) => b.score - a.score).map(({ spot, word }) => ({ spot, word }));
}

/** Names may be typed loosely; values and sentences hold what was typed, or not. */
function scoreOf(wanted: string, { kind, text }: Word): number {
  if (kind === "title") return fuzzy(wanted, text);
  if (kind === "id" || kind === "type") return fuzzy(wanted, text) * 0.8;
  return text.toLowerCase().includes(wanted) ? 0.7 : 0;
}

function levelSpots(
  know: Knowledge,
  doc: Doc,
  faults: Faults,
  path: Path,
  way: readonly string[],
): readonly Spot[] {
  const at = { path, way, type: "", category: "" };
  const marks = [
    ...Object.entries(doc.frames).map(([id, { title }]): [string, string] => [id, title]),
    ...Object.entries(doc.notes).map(([id, { text }]): [string, string] => [id, text]),
  ];
  const { order, circle } = structureOf(doc);
  return [
    ...[...order, ...circle].flatMap((id) => nodeSpots(know, doc, faults, path, way, id)),
    ...marks
      .filter(([, text]) => text !== "")
      .map(([id, text]): Spot => ({ ...at, id, title: text, words: [{ kind: "text", text }] })),
  ];
}

function nodeSpots(
  know: Knowledge,
  doc: Doc,
  faults: Faults,
  path: Path,
  way: readonly string[],
  id: string,
): readonly Spot[] {
  const node = doc.nodes[id];
  if (!node) return [];
  const title = titleOf(know, doc, id);
  const words: readonly Word[] = [
    { kind: "title", text: title },
    { kind: "id", text: id },
    { kind: "type", text: node.type },
    ...Object.entries(node.params).map(
      ([name, value]): Word => ({
        kind: "value",
        text: `${name}: ${typeof value === "string" ? value : compact(value)}`,
      }),
    ),
    ...faults(doc, id, [...path, id].join("/")).map((text): Word => ({ kind: "error", text })),
  ];
  const { category } = specOf(know, doc, id);
  const spot: Spot = { path, way, id, title, type: node.type, category, words };
  const inner = path.length < DEPTH ? innerGraph(know, node) : null;
  return inner ? [spot, ...levelSpots(know, inner, faults, [...path, id], [...way, title])] : [spot];
}
