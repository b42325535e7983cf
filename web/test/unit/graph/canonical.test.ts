import { describe, expect, test } from "vitest";
import { canonical } from "../../../src/graph/canonical";
import { parseJson } from "../../../src/graph/parse";
import { readText } from "../../../src/graph/read";
import { documentText } from "../../../src/graph/write";
import documents from "../../vectors/documents.json";
import values from "../../vectors/values.json";

describe("canonical JSON", () => {
  test.each(values)("the value $given is written as Python writes it", ({ given, saved }) => {
    expect(canonical(parseJson(given))).toBe(saved);
  });

  test.each(documents)(
    "document %# is saved byte for byte as the Python side saves it",
    ({ given, saved }) => {
      expect(documentText(readText(given))).toBe(saved);
    },
  );

  test.each(documents)("document %# is saved unchanged a second time", ({ saved }) => {
    expect(documentText(readText(saved))).toBe(saved);
  });

  test.each([
    "",
    "{",
    "[1,]",
    '{"a":1,"a":2}',
    "01",
    "NaN",
    "1e999",
    '"\u0001"',
    "[1] 2",
    "'a'",
    "[".repeat(80),
  ])("the text %j is refused", (text) => {
    expect(() => parseJson(text)).toThrow(/line 1/);
  });
});
