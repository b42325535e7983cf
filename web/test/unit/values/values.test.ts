import { expect, test } from "vitest";
import { parseJson } from "../../../src/graph/parse";
import { histogram, likeness, norm, vectorsOf } from "../../../src/values/measure";
import { readTensors } from "../../../src/values/safetensors";
import { readSummary } from "../../../src/values/summary";
import { wordedTokens } from "../../../src/values/tokens";

function file(header: object, data: ArrayLike<number>): ArrayBuffer {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const whole = new Uint8Array(8 + text.length + data.length);
  new DataView(whole.buffer).setBigUint64(0, BigInt(text.length), true);
  whole.set(text, 8);
  whole.set(data, 8 + text.length);
  return whole.buffer;
}

test("every kind of number is read, wherever it begins; kinds that are not known are left out", () => {
  const header = {
    __metadata__: { format: "pt" },
    half: { dtype: "F16", shape: [2], data_offsets: [0, 4] },
    brain: { dtype: "BF16", shape: [1], data_offsets: [4, 6] },
    whole: { dtype: "I64", shape: [1], data_offsets: [6, 14] },
    other: { dtype: "F8_E4M3", shape: [1], data_offsets: [14, 15] },
    short: { dtype: "F32", shape: [1], data_offsets: [14, 99] },
  };
  const data = [0x00, 0x3c, 0x00, 0xc0, 0x80, 0x3f, 7, 0, 0, 0, 0, 0, 0, 0, 1];
  const read = readTensors(file(header, data));
  expect(read.map(({ name, values }) => [name, ...values])).toEqual([
    ["half", 1, -2],
    ["brain", 1],
    ["whole", 7],
  ]);
});

test("a file that is none gives nothing", () => {
  expect(readTensors(new ArrayBuffer(3))).toEqual([]);
  expect(readTensors(new Uint8Array([255, 255, 255, 0, 0, 0, 0, 0]).buffer)).toEqual([]);
});

test("a histogram leaves out what is not finite; one value fills one bin", () => {
  const spread = histogram(new Float32Array([0, 1, 2, Number.NaN, Number.POSITIVE_INFINITY]), 2);
  expect(spread).toEqual({ counts: [1, 2], min: 0, max: 2 });
  expect(histogram(new Float32Array([5, 5]), 3).counts).toEqual([2, 0, 0]);
  expect(histogram(new Float32Array([Number.NaN]), 1)).toEqual({ counts: [0], min: 0, max: 0 });
});

test("rows of a tensor are vectors with norms and cosines; a picture is none", () => {
  const values = new Float32Array([3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0]);
  const vectors = vectorsOf({ name: "x", shape: [1, 2, 8], values });
  expect(vectors?.map(norm)).toEqual([5, 2]);
  expect(likeness(vectors ?? [])).toEqual([
    [1, 0],
    [0, 1],
  ]);
  expect(vectorsOf({ name: "x", shape: [1, 4, 16, 16], values })).toBeNull();
});

test("tokens are joined with their words; padding is counted, not shown", () => {
  const tokens = parseJson(
    '{"sets":[{"ids":[[9,320,8,7]],"mask":[[1,1,1,0]],"weights":[[1.0,1.5,1.0,1.0]]}]}',
  );
  const words = parseJson(
    '{"spans":[{"chunk":0,"position":1,"text":"red","weight":1.5}],"text":"red","truncated":"tail"}',
  );
  const made = wordedTokens(tokens, words);
  expect(made.tokens.map(({ id, word, weight }) => [id, word, weight])).toEqual([
    [9, null, 1],
    [320, "red", 1.5],
    [8, null, 1],
  ]);
  expect([made.padding, made.truncated]).toEqual([1, "tail"]);
  expect(wordedTokens(null, words).tokens.map(({ word }) => word)).toEqual(["red"]);
});

test("a summary keeps an item that is gone as null, and figures that are not there as null", () => {
  const summary = readSummary(
    parseJson(
      '{"many":true,"summaries":[null,{"type":"Latent","value":{},"views":["png"],"tensors":{"t":{"dtype":"F32","shape":[1],"nan":2,"inf":0,"min":0.0}}}]}',
    ),
  );
  expect(summary.items[0]).toBeNull();
  expect(summary.items[1]?.tensors[0]).toMatchObject({ name: "t", nan: 2, min: 0, max: null });
});
