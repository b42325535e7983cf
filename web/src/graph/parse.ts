/** Read JSON text, keeping the text of numbers that would not be written the same way again. */

import { numberText } from "./canonical";
import { Exact, type Json } from "./json";

export class JsonError extends Error {}

/** Parse JSON as the Python side does: no duplicate keys, no NaN, numbers as they stand. */
export function parseJson(text: string): Json {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

const DEPTH = 64;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON texts hold no raw control characters
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SPACE = /[ \t\n\r]*/y;
const WORDS: readonly (readonly [string, Json])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];

class Reader {
  private at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  value(depth: number): Json {
    if (depth > DEPTH) this.fail("it is nested too deep");
    this.space();
    const first = this.text[this.at];
    if (first === "{") return this.object(depth);
    if (first === "[") return this.list(depth);
    if (first === '"') return this.string();
    for (const [word, value] of WORDS) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    return this.number();
  }

  end(): void {
    this.space();
    if (this.at < this.text.length) this.fail("there is text after the end");
  }

  private object(depth: number): Json {
    const entries = new Map<string, Json>();
    this.at += 1;
    for (let more = !this.takes("}"); more; more = this.another("}")) {
      this.space();
      const key = this.string();
      if (entries.has(key)) this.fail(`the key ${JSON.stringify(key)} stands twice`);
      if (!this.takes(":")) this.fail("':' is missing");
      entries.set(key, this.value(depth + 1));
    }
    return Object.fromEntries(entries);
  }

  private list(depth: number): Json {
    const items: Json[] = [];
    this.at += 1;
    for (let more = !this.takes("]"); more; more = this.another("]")) items.push(this.value(depth + 1));
    return items;
  }

  private another(close: string): boolean {
    if (this.takes(",")) return true;
    if (!this.takes(close)) this.fail(`',' or '${close}' is missing`);
    return false;
  }

  private string(): string {
    const token = this.match(STRING);
    if (token === undefined) this.fail("a text is expected");
    const text: unknown = JSON.parse(token);
    return typeof text === "string" ? text : this.fail("a text is expected");
  }

  private number(): Json {
    const token = this.match(NUMBER);
    if (token === undefined) this.fail("a value is expected");
    const value = Number(token);
    if (!Number.isFinite(value)) this.fail(`${token} is too large`);
    return numberText(value) === token ? value : new Exact(token);
  }

  private takes(mark: string): boolean {
    this.space();
    if (this.text[this.at] !== mark) return false;
    this.at += 1;
    return true;
  }

  private space(): void {
    this.match(SPACE);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  private fail(message: string): never {
    const line = this.text.slice(0, this.at).split("\n").length;
    throw new JsonError(`line ${line}: ${message}`);
  }
}
