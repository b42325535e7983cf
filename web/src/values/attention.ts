/** Where words looked: maps by step, layer, head and word, averaged over what is not chosen. */

import { isList, isObject, type Json, type JsonObject, numberOf } from "../graph/json";
import type { Tensor } from "./safetensors";

/** One layer: of each step, picture, head and cell of the picture, how much it looks at each token. */
export interface Layer {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  /** [steps, batch, heads, cells, tokens] */
  readonly shape: readonly [number, number, number, number, number];
  readonly values: Float32Array;
}

export interface Word {
  readonly text: string;
  readonly token: number;
}

export interface Maps {
  /** The steps that were kept. */
  readonly steps: readonly number[];
  readonly layers: readonly Layer[];
  readonly words: readonly Word[];
}

/** Which maps are averaged; null for all. */
export interface Choice {
  readonly step: number | null;
  readonly layer: number | null;
  readonly head: number | null;
  readonly picture: number;
}

export const EVERYTHING: Choice = { step: null, layer: null, head: null, picture: 0 };

export interface Heat {
  readonly height: number;
  readonly width: number;
  readonly values: Float32Array;
}

/** How many numbers the maps of an AttentionMaps have: its tensors, layer by layer. */
export function countOf(shapes: readonly (readonly number[])[]): number {
  return shapes.reduce((sum, shape) => sum + shape.reduce((product, size) => product * size, 1), 0);
}

/** Maps as `nodes.values.AttentionMaps` are kept; null where nothing was. */
export function mapsOf(fields: Json, tensors: readonly Tensor[]): Maps | null {
  if (!isObject(fields)) return null;
  const layers = listOf(fields.layers).flatMap((layer) => layerOf(layer, tensors));
  const length = numberOf(fields.length) ?? 0;
  const words = wordsOf(fields.words, length).filter(({ token }) =>
    layers.every(({ shape }) => token < shape[4]),
  );
  const steps = isList(fields.steps) ? fields.steps.map((step) => numberOf(step) ?? 0) : [];
  return layers.length > 0 && words.length > 0 ? { steps, layers, words } : null;
}

function layerOf(raw: JsonObject, tensors: readonly Tensor[]): readonly Layer[] {
  const place = isObject(raw.maps) ? raw.maps.tensor : undefined;
  const tensor = tensors.find(({ name }) => name === place);
  const [height, width] = [numberOf(raw.height) ?? 0, numberOf(raw.width) ?? 0];
  const [steps = 0, batch = 0, heads = 0, cells = 0, tokens = 0] = tensor?.shape ?? [];
  if (!tensor || tensor.values.length === 0 || cells !== height * width) return [];
  const name = typeof raw.name === "string" ? raw.name : "";
  return [{ name, height, width, shape: [steps, batch, heads, cells, tokens], values: tensor.values }];
}

/** Words in the order of the prompt, each with the column of its token. */
function wordsOf(raw: Json | undefined, length: number): readonly Word[] {
  return listOf(isObject(raw) ? raw.spans : undefined).map((span) => ({
    text: typeof span.text === "string" ? span.text : "",
    token: (numberOf(span.chunk) ?? 0) * length + (numberOf(span.position) ?? 0),
  }));
}

function listOf(json: Json | undefined): readonly JsonObject[] {
  return isList(json) ? json.filter(isObject) : [];
}

/** The mean of the chosen maps of a word; layers are brought to the size of the largest one. */
export function heatOf({ layers }: Maps, choice: Choice, { token }: Word): Heat {
  const chosen = picked(choice.layer, layers.length).flatMap((at) => layers[at] ?? []);
  const height = Math.max(...chosen.map((layer) => layer.height));
  const width = Math.max(...chosen.map((layer) => layer.width));
  const values = new Float32Array(height * width);
  for (const layer of chosen) {
    const map = layerMap(layer, choice, token);
    for (let y = 0; y < height; y += 1) {
      const row = Math.floor((y * layer.height) / height) * layer.width;
      for (let x = 0; x < width; x += 1) {
        const at = y * width + x;
        const cell = row + Math.floor((x * layer.width) / width);
        values[at] = (values[at] ?? 0) + (map[cell] ?? 0) / chosen.length;
      }
    }
  }
  return { height, width, values };
}

/** The mean over the chosen steps and heads of one layer, cell by cell. */
function layerMap({ shape, values }: Layer, { step, head, picture }: Choice, token: number): Float32Array {
  const [steps, batch, heads, cells, tokens] = shape;
  const sum = new Float32Array(cells);
  const starts = picked(step, steps).flatMap((s) =>
    picked(head, heads).map(
      (h) => ((s * batch + Math.min(picture, batch - 1)) * heads + h) * cells * tokens + token,
    ),
  );
  for (const start of starts) {
    for (let cell = 0; cell < cells; cell += 1) {
      sum[cell] = (sum[cell] ?? 0) + (values[start + cell * tokens] ?? 0) / starts.length;
    }
  }
  return sum;
}

/** How much of the attention each word gets, averaged over the picture. */
export function shares(maps: Maps, choice: Choice): readonly number[] {
  return maps.words.map((word) => {
    const { values } = heatOf(maps, choice, word);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  });
}

function picked(one: number | null, all: number): readonly number[] {
  return one === null || one >= all ? Array.from({ length: all }, (_, at) => at) : [one];
}
