import { expect, test } from "vitest";
import { parseJson } from "../../../src/graph/parse";
import { EVERYTHING, mapOf, mapsOf, shares, sizesOf, wordsOf } from "../../../src/values/attention";

/** Each number says where it is: step, layer, head, word and pixel, one digit each. */
function tensor() {
  const shape = [2, 3, 2, 2, 1, 2];
  const values: number[] = [];
  for (let step = 0; step < 2; step += 1)
    for (let layer = 0; layer < 3; layer += 1)
      for (let head = 0; head < 2; head += 1)
        for (let word = 0; word < 2; word += 1)
          for (let pixel = 0; pixel < 2; pixel += 1)
            values.push(step * 10_000 + layer * 1000 + head * 100 + word * 10 + pixel);
  return { name: "maps", shape, values: new Float32Array(values) };
}

const maps = mapsOf(tensor());
if (!maps) throw new Error("no maps");

test("only a tensor of six axes, none of them empty, holds maps", () => {
  expect(maps).toMatchObject({ steps: 2, layers: 3, heads: 2, words: 2, height: 1, width: 2 });
  expect(sizesOf([2, 3, 2, 2, 4])).toBeNull();
  expect(sizesOf([2, 3, 0, 2, 4, 4])).toBeNull();
});

test("one step, layer and head give their own map of a word", () => {
  expect([...mapOf(maps, { step: 1, layer: 2, head: 0 }, 1)]).toEqual([12_010, 12_011]);
  expect([...mapOf(maps, { step: 0, layer: 0, head: 1 }, 0)]).toEqual([100, 101]);
});

test("what is not chosen is averaged", () => {
  expect([...mapOf(maps, { step: 1, layer: null, head: 0 }, 0)]).toEqual([11_000, 11_001]);
  const all = mapOf(maps, EVERYTHING, 1);
  expect(all[0]).toBeCloseTo(5000 + 1000 + 50 + 10, 1);
  expect(shares(maps, { step: 0, layer: 0, head: 0 })).toEqual([0.5, 10.5]);
});

test("words are texts or records with a text; the rest is numbered", () => {
  expect(wordsOf(parseJson('{"words":["a",{"text":"red","weight":1.0},""]}'), 4)).toEqual([
    "a",
    "red",
    "2",
    "3",
  ]);
  expect(wordsOf(null, 1)).toEqual(["0"]);
});
