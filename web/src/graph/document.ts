/** The document as the editor holds it: frozen tables, shared where unchanged; an edit makes a new document. */

import type { Json, JsonObject } from "./json";

export const FORMAT = "promptograph/1";

export type Table<V> = Readonly<Record<string, V>>;

/** One link, or the links of a list port. */
export type Wire = string | readonly string[];

export interface Node {
  readonly type: string;
  readonly version: number;
  readonly title: string | null;
  readonly params: Table<Json>;
  readonly inputs: Table<Wire>;
  /** The inner graph of a Subgraph, or its name in the library. */
  readonly graph: Doc | string | null;
  /** Left out of runs: for each output the input that passes through; empty where the node is muted. */
  readonly bypass: Table<string> | null;
  /** Not called in runs: what each output gives, by digest. */
  readonly pin: Table<Wire> | null;
}

/** One field of the graph's form: the ports that it sets. */
export interface PublicInput {
  readonly to: readonly string[];
  readonly title: string | null;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export interface Frame extends Box {
  readonly title: string;
  readonly colour: string | null;
}

export interface Note extends Box {
  readonly text: string;
}

/** How a node is drawn, beyond its place. */
export interface Look {
  readonly collapsed: boolean;
  readonly colour: string | null;
}

/** How a wire is drawn: through points on its way, or named at both ends and not drawn between. */
export interface WireLook {
  readonly points: readonly Point[];
  readonly name: string | null;
}

/** A place to come back to: the middle of what is seen, and how near. */
export interface Bookmark extends Point {
  readonly zoom: number;
}

export interface Doc {
  readonly name: string;
  readonly nodes: Table<Node>;
  readonly inputs: Table<PublicInput>;
  readonly outputs: Table<string>;
  readonly positions: Table<Point>;
  readonly looks: Table<Look>;
  readonly frames: Table<Frame>;
  readonly notes: Table<Note>;
  /** By `from.port>to.port`. */
  readonly wires: Table<WireLook>;
  /** By digit, 1 to 9. */
  readonly bookmarks: Table<Bookmark>;
  /** What else stands in `ui`; kept as it is. */
  readonly rest: JsonObject;
}

export const EMPTY: Doc = {
  name: "",
  nodes: {},
  inputs: {},
  outputs: {},
  positions: {},
  looks: {},
  frames: {},
  notes: {},
  wires: {},
  bookmarks: {},
  rest: {},
};

export const PLAIN: Look = { collapsed: false, colour: null };

export function newNode(type: string, version: number, params: Table<Json> = {}): Node {
  return { type, version, title: null, params, inputs: {}, graph: null, bypass: null, pin: null };
}

/** Give a table with one entry set, or removed where the value is undefined. */
export function put<V>(table: Table<V>, key: string, value: V | undefined): Table<V> {
  if (value !== undefined) return { ...table, [key]: value };
  if (!Object.hasOwn(table, key)) return table;
  return Object.fromEntries(Object.entries(table).filter(([name]) => name !== key));
}

/** Give a table without some of its keys. */
export function without<V>(table: Table<V>, keys: ReadonlySet<string>): Table<V> {
  const entries = Object.entries(table);
  const left = entries.filter(([key]) => !keys.has(key));
  return left.length === entries.length ? table : Object.fromEntries(left);
}

/** Look up an own key; names like `constructor` are no entries. */
export function at<V>(table: Table<V>, key: string): V | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** Change every value of a table; the same table comes back where nothing changed. */
export function mapTable<V>(table: Table<V>, change: (value: V, key: string) => V): Table<V> {
  let changed = false;
  const entries = Object.entries(table).map(([key, value]): [string, V] => {
    const next = change(value, key);
    changed ||= next !== value;
    return [key, next];
  });
  return changed ? Object.fromEntries(entries) : table;
}

/** The links of an input, as a list. */
export function linksOf(wire: Wire | undefined): readonly string[] {
  if (wire === undefined) return [];
  return typeof wire === "string" ? [wire] : wire;
}

/** Whole pixels, so that files stay small and readable. */
export function rounded({ x, y }: Point): Point {
  return { x: Math.round(x), y: Math.round(y) };
}
