import { expect, test } from "vitest";
import { isObject } from "../../../src/graph/json";
import { parseJson } from "../../../src/graph/parse";
import { countOf, EVERYTHING, heatOf, mapsOf, shares } from "../../../src/values/attention";

const FIELDS = parseJson(`{
  "is": "AttentionMaps", "length": 4, "steps": [0, 5], "total": 10,
  "words": {"spans": [{"chunk": 0, "position": 1, "text": "red"}, {"chunk": 0, "position": 2, "text": "circle"},
                      {"chunk": 1, "position": 1, "text": "later"}]},
  "layers": [{"name": "down", "height": 1, "width": 2, "maps": {"tensor": "layers.0.maps"}},
             {"name": "mid", "height": 1, "width": 1, "maps": {"tensor": "layers.1.maps"}},
             {"name": "lost", "height": 1, "width": 1, "maps": {"tensor": "layers.2.maps"}}]
}`);

/** Each number says where it is: step, picture, head, cell and token, one digit each. */
function tensor(name: string, heads: number, cells: number, plus: number) {
  const values: number[] = [];
  for (let step = 0; step < 2; step += 1)
    for (let picture = 0; picture < 2; picture += 1)
      for (let head = 0; head < heads; head += 1)
        for (let cell = 0; cell < cells; cell += 1)
          for (let token = 0; token < 4; token += 1)
            values.push(plus + step * 10_000 + picture * 1000 + head * 100 + cell * 10 + token);
  return { name, shape: [2, 2, heads, cells, 4], values: new Float32Array(values) };
}

const maps = mapsOf(FIELDS, [tensor("layers.0.maps", 2, 2, 0), tensor("layers.1.maps", 2, 1, 100_000)]);
const [red, circle] = maps?.words ?? [];
if (!maps || !red || !circle) throw new Error("no maps");

test("maps are read layer by layer; a layer whose numbers are missing, and words beyond the tokens, are left out", () => {
  expect(maps.layers.map(({ name, width }) => [name, width])).toEqual([
    ["down", 2],
    ["mid", 1],
  ]);
  expect(maps.words).toEqual([
    { text: "red", token: 1 },
    { text: "circle", token: 2 },
  ]);
  expect(maps.steps).toEqual([0, 5]);
  expect(mapsOf(FIELDS, [])).toBeNull();
  expect(mapsOf(FIELDS, [tensor("layers.0.maps", 2, 3, 0)])).toBeNull();
  expect(
    mapsOf(isObject(FIELDS) ? { ...FIELDS, words: null } : null, [tensor("layers.0.maps", 2, 2, 0)]),
  ).toBeNull();
  expect(countOf([[2, 3], [4]])).toBe(10);
});

test("one step, picture, layer and head give their own map of a word", () => {
  expect([...heatOf(maps, { step: 1, layer: 0, head: 1, picture: 1 }, circle).values]).toEqual([
    11_102, 11_112,
  ]);
  expect([...heatOf(maps, { step: 0, layer: 0, head: 0, picture: 0 }, red).values]).toEqual([1, 11]);
});

test("what is not chosen is averaged, and smaller layers are brought to the size of the largest", () => {
  expect([...heatOf(maps, { step: null, layer: 0, head: 0, picture: 0 }, red).values]).toEqual([5001, 5011]);
  expect([...heatOf(maps, { step: 0, layer: 0, head: null, picture: 0 }, red).values]).toEqual([51, 61]);
  const both = heatOf(maps, { step: 0, layer: null, head: 0, picture: 0 }, red);
  expect([both.height, both.width, ...both.values]).toEqual([1, 2, 50_001, 50_006]);
  expect(shares(maps, { ...EVERYTHING, step: 0, layer: 0, head: 0 })).toEqual([6, 7]);
});
