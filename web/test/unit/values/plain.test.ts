import { expect, test } from "vitest";
import { parseJson } from "../../../src/graph/parse";
import { diverging, heat } from "../../../src/values/colours";
import { readHistograms } from "../../../src/values/measure";
import { scoresOf, tableOf } from "../../../src/values/table";

const table = (text: string) => tableOf(parseJson(text));

test("records, lists of lists, columns by name, and columns with rows are tables", () => {
  const expected = {
    columns: ["a", "b"],
    rows: [
      [1, "x"],
      [2, null],
    ],
  };
  expect(table('[{"a":1,"b":"x"},{"a":2}]')).toEqual(expected);
  expect(table('{"a":[1,2],"b":["x",null]}')).toEqual(expected);
  expect(table('{"columns":["a","b"],"rows":[[1,"x"],{"a":2}]}')).toEqual(expected);
  expect(table("[[1,2],[3]]")).toEqual({ columns: ["0", "1"], rows: [[1, 2], [3]] });
});

test("numbers that keep their own text are cells like others", () => {
  expect(table('{"a":[1.0,2.5],"b":[1,1e-05]}')?.rows).toHaveLength(2);
});

test("scores are a table with the names of their rows in front, and a matrix of numbers", () => {
  const text = '{"rows":["a","b"],"columns":["x"],"matrix":[[1.0],[-0.5]]}';
  expect(table(text)).toEqual({
    columns: ["", "x"],
    rows: [
      ["a", 1],
      ["b", -0.5],
    ],
  });
  expect(scoresOf(parseJson(text))?.matrix).toEqual([[1], [-0.5]]);
  expect(scoresOf(parseJson('{"rows":[[1]],"columns":["x"]}'))).toBeNull();
});

test("what is no table stays what it is", () => {
  for (const text of [
    "1",
    '"x"',
    "[]",
    "[1,2]",
    '{"a":1}',
    '{"a":[1],"b":[1,2]}',
    '{"spans":[{"a":1}]}',
    "{}",
  ]) {
    expect(table(text)).toBeNull();
  }
});

test("colours say what is less and more, and show what is no number", () => {
  expect(diverging(0)).toEqual([28, 31, 36]);
  expect([diverging(-9), diverging(9)]).toEqual([
    [83, 182, 235],
    [237, 156, 85],
  ]);
  expect(diverging(Number.NaN)).toEqual([255, 0, 255]);
  const light = [0, 0.25, 0.5, 0.75, 1].map((value) => heat(value).reduce((sum, part) => sum + part, 0));
  expect([...light].sort((a, b) => a - b)).toEqual(light);
});

test("the server's histograms are read by the name of the tensor; what is none is left out", () => {
  const read = readHistograms(
    parseJson('{"x":{"min":-1.5,"max":2,"counts":[1,0,3]},"y":null,"z":{"min":0}}'),
  );
  expect([...read]).toEqual([["x", { counts: [1, 0, 3], min: -1.5, max: 2 }]]);
});
