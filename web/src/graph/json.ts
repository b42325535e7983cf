/** JSON values as documents hold them: a number that JavaScript would write differently keeps its own text. */

/** A number with the text it had in the document: `3.0`, `1e-05`, `9007199254740993`. */
export class Exact {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
    Object.freeze(this);
  }

  get value(): number {
    return Number(this.text);
  }
}

export type Json = null | boolean | number | string | Exact | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Exact);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The number that a value is, or undefined. */
export function numberOf(value: Json | undefined): number | undefined {
  if (value instanceof Exact) return value.value;
  return typeof value === "number" ? value : undefined;
}

/** Equal as JSON; 3 and 3.0 are different, as they are in a file. */
export function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (a instanceof Exact || b instanceof Exact) {
    return a instanceof Exact && b instanceof Exact && a.text === b.text;
  }
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, at) => same(item, b[at]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
  );
}
