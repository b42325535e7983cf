/** Where words looked: maps by step, layer, head and word, averaged over what is not chosen. */

import { isList, isObject, type Json } from "../graph/json";
import type { Tensor } from "./safetensors";

/** The sizes of a tensor [steps, layers, heads, words, height, width]. */
export interface MapSizes {
  readonly steps: number;
  readonly layers: number;
  readonly heads: number;
  readonly words: number;
  readonly height: number;
  readonly width: number;
}

export interface Maps extends MapSizes {
  readonly values: Float32Array;
}

/** Which maps are averaged; null for all. */
export interface Choice {
  readonly step: number | null;
  readonly layer: number | null;
  readonly head: number | null;
}

export const EVERYTHING: Choice = { step: null, layer: null, head: null };

/** The sizes of a tensor of maps; null for any other shape. */
export function sizesOf(shape: readonly number[]): MapSizes | null {
  const [steps, layers, heads, words, height, width] = shape;
  if (shape.length !== 6 || !steps || !layers || !heads || !words || !height || !width) return null;
  return { steps, layers, heads, words, height, width };
}

export function mapsOf({ shape, values }: Tensor): Maps | null {
  const sizes = sizesOf(shape);
  return sizes && { ...sizes, values };
}

/** The map of one word, row by row. */
export function mapOf(maps: Maps, choice: Choice, word: number): Float32Array {
  const size = maps.height * maps.width;
  const sum = new Float32Array(size);
  const starts = startsOf(maps, choice);
  for (const start of starts) {
    const from = (start + word) * size;
    for (let at = 0; at < size; at += 1)
      sum[at] = (sum[at] ?? 0) + (maps.values[from + at] ?? 0) / starts.length;
  }
  return sum;
}

/** How much of the attention each word gets, averaged over the picture. */
export function shares(maps: Maps, choice: Choice): readonly number[] {
  return Array.from({ length: maps.words }, (_, word) => {
    const map = mapOf(maps, choice, word);
    return map.reduce((sum, value) => sum + value, 0) / map.length;
  });
}

/** Where the words of each chosen step, layer and head begin, counted in maps. */
function startsOf({ steps, layers, heads, words }: Maps, { step, layer, head }: Choice): readonly number[] {
  return picked(step, steps).flatMap((s) =>
    picked(layer, layers).flatMap((l) =>
      picked(head, heads).map((h) => ((s * layers + l) * heads + h) * words),
    ),
  );
}

function picked(one: number | null, all: number): readonly number[] {
  return one === null ? Array.from({ length: all }, (_, at) => at) : [one];
}

/** The labels of the maps: `words` of the value, texts or records with a text; numbers where there are none. */
export function wordsOf(fields: Json, count: number): readonly string[] {
  const listed = isObject(fields) && isList(fields.words) ? fields.words : [];
  return Array.from({ length: count }, (_, at) => {
    const word = listed[at];
    const text = isObject(word) ? word.text : word;
    return typeof text === "string" && text !== "" ? text : String(at);
  });
}
