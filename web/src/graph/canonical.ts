/** Write canonical JSON: byte for byte what `graphs.save.dumps` writes.
 *
 * Guarantees
 * 1. Keys are sorted by code point, the indent is 2 spaces, one newline stands at the end.
 * 2. Numbers look as Python writes them; a number that was read and not changed is written as it was read.
 */

import { Exact, isList, type Json, type JsonObject } from "./json";

export function canonical(value: Json): string {
  return `${write(value, "\n")}\n`;
}

/** Write on one line, sorted: for digests and comparisons. */
export function compact(value: Json): string {
  if (value instanceof Exact || typeof value === "number") return scalar(value);
  if (isList(value)) return `[${value.map(compact).join(",")}]`;
  if (typeof value !== "object" || value === null) return scalar(value);
  return `{${sortedKeys(value)
    .map((key) => `${JSON.stringify(key)}:${compact(value[key] ?? null)}`)
    .join(",")}}`;
}

function write(value: Json, line: string): string {
  const inner = `${line}  `;
  if (isList(value)) {
    if (value.length === 0) return "[]";
    return `[${value.map((item) => inner + write(item, inner)).join(",")}${line}]`;
  }
  if (typeof value !== "object" || value === null || value instanceof Exact) return scalar(value);
  const keys = sortedKeys(value);
  if (keys.length === 0) return "{}";
  const entry = (key: string) => `${inner}${JSON.stringify(key)}: ${write(value[key] ?? null, inner)}`;
  return `{${keys.map(entry).join(",")}${line}}`;
}

function scalar(value: null | boolean | number | string | Exact): string {
  if (value instanceof Exact) return exactText(value.text);
  return typeof value === "number" ? numberText(value) : JSON.stringify(value);
}

/** Write a number as Python does: whole numbers without a point, exponents from 1e16 and below 1e-4. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is not a JSON number`);
  if (Object.is(value, -0)) return "0";
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 63) return BigInt(value).toString();
  return floatText(value);
}

/** Write the text of a number that was read, as Python's float or int would write it. */
function exactText(text: string): string {
  if (!/[.eE]/.test(text)) return BigInt(text).toString();
  return floatText(Number(text));
}

function floatText(value: number): string {
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 16) {
    const plain = positional(mantissa, power);
    return plain.includes(".") ? plain : `${plain}.0`;
  }
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

/** `-1.25`, -3 -> `-0.00125`. */
function positional(mantissa: string, power: number): string {
  const sign = mantissa.startsWith("-") ? "-" : "";
  const digits = mantissa.replace(/[-.]/g, "");
  if (power < 0) return `${sign}0.${"0".repeat(-power - 1)}${digits}`;
  const whole = digits.slice(0, power + 1).padEnd(power + 1, "0");
  const rest = digits.slice(power + 1);
  return rest ? `${sign}${whole}.${rest}` : `${sign}${whole}`;
}

function sortedKeys(value: JsonObject): readonly string[] {
  return Object.keys(value).sort(byCodePoint);
}

/** Python's order of texts; JavaScript's own order differs above U+FFFF. */
export function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Move surrogates above the rest of the plane, where their code points are. */
function rank(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}
