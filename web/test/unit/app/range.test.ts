/** Numbers as people type them, in the way of their language. */

import { expect, test } from "vitest";
import { type Range, typed } from "../../../src/widgets/range";

const whole: Range = { least: 0, most: 1e9, step: 1, whole: true };
const parts: Range = { ...whole, whole: false };

test("thousands may be grouped as the language groups them", () => {
  expect(typed(whole, "1,024", "width", null, "thousands")).toBe(1024);
  expect(typed(whole, "1.024", "width", null, "decimals")).toBe(1024);
  expect(typed(whole, "12.345.678", "seed", null, "decimals")).toBe(12345678);
  expect(typed(parts, "1,024", "scale", null, "thousands")).toBe(1024);
});

test("a decimal comma is one", () => {
  expect(typed(parts, "7,5", "scale", null, "decimals")).toBe(7.5);
  expect(typed(parts, "1,024", "scale", null, "decimals")).toBe(1.024);
  expect(typed(parts, "0,125", "scale", null, "thousands")).toBe(0.125);
  expect(typed(parts, "7.5*2", "scale", null, "decimals")).toBe(15);
});
