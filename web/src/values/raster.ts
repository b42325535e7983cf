/** A picture as numbers: planes of floats, to be shown with more or less exposure and to be read at a pixel. */

import type { Tensor } from "./safetensors";

export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly planes: readonly Float32Array[];
  /** Whether these are the numbers of the tensor, or the eight bits of a picture of it. */
  readonly exact: boolean;
}

/** One of a batch [batch, channels, height, width], or of [batch, height, width]; null for any other tensor. */
export function rasterOf({ shape, values }: Tensor, item: number): Raster | null {
  const [height = 0, width = 0] = shape.slice(-2);
  const channels = shape.length === 4 ? (shape[1] ?? 0) : 1;
  const size = width * height;
  const start = item * channels * size;
  if (shape.length < 3 || shape.length > 4 || size * channels === 0 || start >= values.length) return null;
  const planes = Array.from({ length: channels }, (_, at) =>
    values.subarray(start + at * size, start + (at + 1) * size),
  );
  return { width, height, planes, exact: true };
}

/** The pixels of a picture, from 0 to 1. */
export function rasterOfPixels(width: number, height: number, rgba: Uint8ClampedArray): Raster {
  const planes = [0, 1, 2].map((channel) =>
    Float32Array.from({ length: width * height }, (_, at) => (rgba[at * 4 + channel] ?? 0) / 255),
  );
  return { width, height, planes, exact: false };
}

export interface Look {
  /** Null for colour. */
  readonly channel: number | null;
  /** In stops: each doubles the light. */
  readonly stops: number;
}

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** What black and white stand for: 0 and 1 for a picture, else the least and the most of a plane. */
export function rangeOf(raster: Raster, channel: number | null, picture: boolean): Range {
  if (picture || channel === null) return { low: 0, high: 1 };
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of raster.planes[channel] ?? []) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low > high ? { low: 0, high: 1 } : { low, high: high > low ? high : low + 1 };
}

const NO_NUMBER = [255, 0, 255] as const;

/** Paint a raster as pixels of eight bits; what is no number is magenta. */
export function shade(
  raster: Raster,
  { channel, stops }: Look,
  range: Range,
): Uint8ClampedArray<ArrayBuffer> {
  const { width, height, planes } = raster;
  const first = planes[channel ?? 0] ?? new Float32Array();
  const grey = channel !== null || planes.length < 3;
  const [red = first, green = first, blue = first] = grey ? [first] : planes;
  const gain = (255 * 2 ** stops) / (range.high - range.low);
  const painted = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < width * height; at += 1) {
    const [r = 0, g = 0, b = 0] = [red[at], green[at], blue[at]];
    const number = !(Number.isNaN(r) || Number.isNaN(g) || Number.isNaN(b));
    painted[at * 4] = number ? (r - range.low) * gain : NO_NUMBER[0];
    painted[at * 4 + 1] = number ? (g - range.low) * gain : NO_NUMBER[1];
    painted[at * 4 + 2] = number ? (b - range.low) * gain : NO_NUMBER[2];
    painted[at * 4 + 3] = 255;
  }
  return painted;
}

/** How far two rasters of one size are apart, plane by plane; null where their sizes differ. */
export function difference(a: Raster, b: Raster): Raster | null {
  if (a.width !== b.width || a.height !== b.height || a.planes.length !== b.planes.length) return null;
  const planes = a.planes.map((plane, at) =>
    plane.map((value, place) => Math.abs(value - (b.planes[at]?.[place] ?? 0))),
  );
  return { width: a.width, height: a.height, planes, exact: a.exact && b.exact };
}

/** The values at a place, given as parts of the width and the height; null beside the picture. */
export function valuesAt(raster: Raster, x: number, y: number): readonly number[] | null {
  if (!(x >= 0 && x < 1 && y >= 0 && y < 1)) return null;
  const at = Math.floor(y * raster.height) * raster.width + Math.floor(x * raster.width);
  return raster.planes.map((plane) => plane[at] ?? Number.NaN);
}
