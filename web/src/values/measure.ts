/** Numbers about numbers: histograms, norms, likeness. What is not finite is left out. */

import { isList, isObject, type Json, numberOf } from "../graph/json";
import type { Tensor } from "./safetensors";

export interface Histogram {
  readonly counts: readonly number[];
  readonly min: number;
  readonly max: number;
}

export function histogram(values: Float32Array, bins: number): Histogram {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const counts = new Array<number>(bins).fill(0);
  if (min > max) return { counts, min: 0, max: 0 };
  const scale = max > min ? bins / (max - min) : 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    const bin = Math.min(bins - 1, Math.floor((value - min) * scale));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { counts, min, max };
}

/** The histograms of a value's tensors, as the server counts them. */
export function readHistograms(json: Json): ReadonlyMap<string, Histogram> {
  const found = new Map<string, Histogram>();
  for (const [name, one] of Object.entries(isObject(json) ? json : {})) {
    if (!isObject(one) || !isList(one.counts)) continue;
    const counts = one.counts.map((count) => numberOf(count) ?? 0);
    found.set(name, { counts, min: numberOf(one.min) ?? 0, max: numberOf(one.max) ?? 0 });
  }
  return found;
}

/** A tensor as rows of vectors; null where it is none (a single number per row, a picture, a weight). */
export function vectorsOf({ shape, values }: Tensor): readonly Float32Array[] | null {
  const size = shape.at(-1) ?? 0;
  const outer = shape.slice(0, -1).reduce((product, length) => product * length, 1);
  if (size < 8 || shape.length > 3 || outer < 1 || outer > MANY) return null;
  return Array.from({ length: outer }, (_, row) => values.subarray(row * size, (row + 1) * size));
}

const MANY = 1024;

export function norm(vector: Float32Array): number {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return Math.sqrt(sum);
}

/** The cosine of each two vectors. */
export function likeness(vectors: readonly Float32Array[]): readonly (readonly number[])[] {
  const norms = vectors.map(norm);
  return vectors.map((a, i) =>
    vectors.map((b, j) => {
      let dot = 0;
      for (let at = 0; at < a.length; at += 1) dot += (a[at] ?? 0) * (b[at] ?? 0);
      const length = (norms[i] ?? 0) * (norms[j] ?? 0);
      return length === 0 ? 0 : dot / length;
    }),
  );
}
