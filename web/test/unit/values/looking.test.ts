import { expect, test } from "vitest";
import { difference, rangeOf, rasterOf, rasterOfPixels, shade, valuesAt } from "../../../src/values/raster";
import { pan, place, spotOf, whole, zoomAt } from "../../../src/values/zoom";

const frame = { width: 400, height: 200 };

test("a picture is shown whole: a small one enlarged by a whole factor, a large one made small", () => {
  expect(whole(frame, { width: 64, height: 64 })).toEqual({ scale: 3, x: 32, y: 32 });
  expect(whole(frame, { width: 800, height: 100 })).toEqual({ scale: 0.5, x: 400, y: 50 });
});

test("what is under the pointer stays there while zooming, and a place is found again", () => {
  const zoom = whole(frame, { width: 64, height: 64 });
  const spot = { x: 250, y: 120 };
  const under = place(zoom, frame, spot);
  const nearer = zoomAt(zoom, frame, spot, 4);
  expect(nearer.scale).toBe(12);
  expect(place(nearer, frame, spot).x).toBeCloseTo(under.x);
  expect(spotOf(nearer, frame, under).x).toBeCloseTo(spot.x);
  expect(spotOf(nearer, frame, under).y).toBeCloseTo(spot.y);
  expect(zoomAt(zoom, frame, spot, 1e9).scale).toBe(64);
});

test("a picture can be moved, but not out of its frame", () => {
  const size = { width: 64, height: 64 };
  expect(pan({ scale: 2, x: 32, y: 32 }, size, 10, -10)).toEqual({ scale: 2, x: 27, y: 37 });
  expect(pan({ scale: 2, x: 32, y: 32 }, size, 1000, 0).x).toBe(0);
});

const tensor = {
  name: "t",
  shape: [2, 3, 1, 2],
  values: Float32Array.from({ length: 12 }, (_, at) => at / 12),
};

test("one of a batch becomes planes; what is no picture becomes none", () => {
  expect(
    rasterOf(tensor, 1)?.planes.map((plane) => Array.from(plane, (value) => Math.round(value * 12))),
  ).toEqual([
    [6, 7],
    [8, 9],
    [10, 11],
  ]);
  expect(rasterOf({ ...tensor, shape: [4, 1, 3] }, 1)?.planes).toHaveLength(1);
  expect(rasterOf(tensor, 2)).toBeNull();
  expect(rasterOf({ ...tensor, shape: [12] }, 0)).toBeNull();
});

test("a stop doubles the light, a channel is grey over its own range, what is no number is magenta", () => {
  const values = new Float32Array([0.25, Number.NaN, 0.5, 0, 0, 1]);
  const raster = rasterOf({ name: "t", shape: [1, 3, 1, 2], values }, 0);
  if (!raster) throw new Error("no raster");
  const colour = shade(raster, { channel: null, stops: 1 }, rangeOf(raster, null, true));
  expect([...colour]).toEqual([128, 255, 0, 255, 255, 0, 255, 255]);
  const grey = shade(raster, { channel: 1, stops: 0 }, rangeOf(raster, 1, false));
  expect([...grey.slice(0, 4)]).toEqual([255, 255, 255, 255]);
  expect(rangeOf(raster, 0, false)).toEqual({ low: 0.25, high: 1.25 });
});

test("the values under a place are those of the tensor, whatever size is shown; beside it there are none", () => {
  const raster = rasterOf(tensor, 0);
  if (!raster) throw new Error("no raster");
  expect(valuesAt(raster, 0.75, 0.5)?.map((value) => Math.round(value * 12))).toEqual([1, 3, 5]);
  expect(valuesAt(raster, 1, 0.5)).toBeNull();
  const eight = rasterOfPixels(1, 1, new Uint8ClampedArray([255, 0, 51, 255]));
  expect([eight.exact, ...(valuesAt(eight, 0, 0) ?? []).map((value) => Math.round(value * 5))]).toEqual([
    false,
    5,
    0,
    1,
  ]);
});

test("two rasters of one size have a difference, others have none", () => {
  const [a, b] = [rasterOf(tensor, 0), rasterOf(tensor, 1)];
  if (!a || !b) throw new Error("no raster");
  for (const plane of difference(a, b)?.planes ?? [])
    for (const value of plane) expect(value).toBeCloseTo(0.5);
  expect(difference(a, { ...b, width: 1 })).toBeNull();
});
