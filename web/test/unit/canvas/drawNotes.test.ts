import { expect, test } from "vitest";
import { wrapped } from "../../../src/canvas/drawNotes";

const letters = (part: string) => part.length;

test("a text is broken between words, and where it has a break of its own", () => {
  expect(wrapped("a red circle\nby day", 8, letters)).toEqual(["a red", "circle", "by day"]);
});

test("a word that is longer than a line stays whole", () => {
  expect(wrapped("an autoencoder is here", 7, letters)).toEqual(["an", "autoencoder", "is here"]);
});
