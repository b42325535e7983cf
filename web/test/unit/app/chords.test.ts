/** Keys as they are written, and commands that want the same. */

import { describe, expect, test } from "vitest";
import { byKey, chordOf, clashes, digitOf, isWhole, partsOf } from "../../../src/app/chords";

const press = (key: string, held: readonly string[] = []) => ({
  key,
  altKey: held.includes("Alt"),
  shiftKey: held.includes("Shift"),
  ctrlKey: held.includes("Ctrl"),
  metaKey: held.includes("Meta"),
});

describe("chords", () => {
  test("are written one way, whatever the keyboard says", () => {
    expect(chordOf(press("z", ["Ctrl", "Shift"]), false)).toBe("Mod+Shift+Z");
    expect(chordOf(press("z", ["Meta"]), true)).toBe("Mod+Z");
    expect(chordOf(press("?", ["Shift"]), false)).toBe("?");
    expect(chordOf(press("Enter", ["Alt"]), false)).toBe("Alt+Enter");
  });

  test("of digits go by the place of the key", () => {
    expect(digitOf({ ...press("!", ["Shift"]), code: "Digit1" })).toBe("Shift+1");
    expect(digitOf({ ...press("é"), code: "Digit2" })).toBe("2");
    expect(digitOf({ ...press("2", ["Ctrl"]), code: "Digit2" })).toBe("");
  });

  test("are not made by a modifier alone", () => {
    expect(isWhole(press("Control", ["Ctrl"]))).toBe(false);
    expect(isWhole(press("k", ["Ctrl"]))).toBe(true);
  });
});

test("a chord falls into its keys, also where one of them is plus", () => {
  expect(partsOf("Mod+Shift+Z")).toEqual(["Mod", "Shift", "Z"]);
  expect(partsOf("+")).toEqual(["+"]);
  expect(partsOf("Alt++")).toEqual(["Alt", "+"]);
  expect(partsOf("")).toEqual([]);
});

describe("keys of commands", () => {
  const defaults = { run: ["R"], find: ["Mod+F"], frame: ["F"] };

  test("what was remapped wins, and its old key is free", () => {
    const found = byKey(defaults, { find: ["R"] });
    expect(found.get("R")).toBe("find");
    expect(found.has("Mod+F")).toBe(false);
    expect(found.get("F")).toBe("frame");
  });

  test("two that want the same are told of each other", () => {
    expect(clashes({ ...defaults, find: ["R"] }, "run")).toEqual(["find"]);
    expect(clashes(defaults, "run")).toEqual([]);
  });
});
