/** What one action changed in a document: reversible, and two of them join into one. */

import type { Doc, Table } from "./document";

/** The value before and after; undefined where there was or is none. */
export interface Step<V> {
  readonly before: V | undefined;
  readonly after: V | undefined;
}

type Tables = { readonly [K in Exclude<keyof Doc, "name">]: Doc[K] };
type Steps<T> = T extends Table<infer V> ? Table<Step<V>> : never;

export type Diff = { readonly [K in keyof Tables]: Steps<Tables[K]> } & {
  readonly name: Step<string> | null;
};

/** Compare two documents; tables and entries that are shared cost nothing. */
export function diffOf(before: Doc, after: Doc): Diff {
  return {
    name: before.name === after.name ? null : { before: before.name, after: after.name },
    nodes: steps(before.nodes, after.nodes),
    inputs: steps(before.inputs, after.inputs),
    outputs: steps(before.outputs, after.outputs),
    positions: steps(before.positions, after.positions),
    looks: steps(before.looks, after.looks),
    frames: steps(before.frames, after.frames),
    notes: steps(before.notes, after.notes),
    wires: steps(before.wires, after.wires),
    bookmarks: steps(before.bookmarks, after.bookmarks),
    rest: steps(before.rest, after.rest),
  };
}

export function applyDiff(doc: Doc, diff: Diff): Doc {
  return {
    name: diff.name?.after ?? doc.name,
    nodes: walk(doc.nodes, diff.nodes),
    inputs: walk(doc.inputs, diff.inputs),
    outputs: walk(doc.outputs, diff.outputs),
    positions: walk(doc.positions, diff.positions),
    looks: walk(doc.looks, diff.looks),
    frames: walk(doc.frames, diff.frames),
    notes: walk(doc.notes, diff.notes),
    wires: walk(doc.wires, diff.wires),
    bookmarks: walk(doc.bookmarks, diff.bookmarks),
    rest: walk(doc.rest, diff.rest),
  };
}

export function reverse(diff: Diff): Diff {
  return {
    name: diff.name && turned(diff.name),
    nodes: turnedAll(diff.nodes),
    inputs: turnedAll(diff.inputs),
    outputs: turnedAll(diff.outputs),
    positions: turnedAll(diff.positions),
    looks: turnedAll(diff.looks),
    frames: turnedAll(diff.frames),
    notes: turnedAll(diff.notes),
    wires: turnedAll(diff.wires),
    bookmarks: turnedAll(diff.bookmarks),
    rest: turnedAll(diff.rest),
  };
}

/** One diff that does what two in a row do. */
export function squash(first: Diff, second: Diff): Diff {
  const name =
    first.name && second.name
      ? { before: first.name.before, after: second.name.after }
      : (second.name ?? first.name);
  return {
    name,
    nodes: joined(first.nodes, second.nodes),
    inputs: joined(first.inputs, second.inputs),
    outputs: joined(first.outputs, second.outputs),
    positions: joined(first.positions, second.positions),
    looks: joined(first.looks, second.looks),
    frames: joined(first.frames, second.frames),
    notes: joined(first.notes, second.notes),
    wires: joined(first.wires, second.wires),
    bookmarks: joined(first.bookmarks, second.bookmarks),
    rest: joined(first.rest, second.rest),
  };
}

export function isEmpty(diff: Diff): boolean {
  const { name, ...tables } = diff;
  return name === null && Object.values(tables).every((table) => Object.keys(table).length === 0);
}

function steps<V>(before: Table<V>, after: Table<V>): Table<Step<V>> {
  if (before === after) return {};
  const found: [string, Step<V>][] = [];
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const step = { before: own(before, key), after: own(after, key) };
    if (step.before !== step.after) found.push([key, step]);
  }
  return Object.fromEntries(found);
}

function walk<V>(table: Table<V>, changes: Table<Step<V>>): Table<V> {
  const keys = Object.keys(changes);
  if (keys.length === 0) return table;
  const next = new Map(Object.entries(table));
  for (const [key, step] of Object.entries(changes)) {
    if (step.after === undefined) next.delete(key);
    else next.set(key, step.after);
  }
  return Object.fromEntries(next);
}

function turned<V>(step: Step<V>): Step<V> {
  return { before: step.after, after: step.before };
}

function turnedAll<V>(changes: Table<Step<V>>): Table<Step<V>> {
  return Object.fromEntries(Object.entries(changes).map(([key, step]) => [key, turned(step)]));
}

function joined<V>(first: Table<Step<V>>, second: Table<Step<V>>): Table<Step<V>> {
  const both = new Map(Object.entries(first));
  for (const [key, step] of Object.entries(second)) {
    const earlier = both.get(key);
    const whole = earlier ? { before: earlier.before, after: step.after } : step;
    if (whole.before === whole.after) both.delete(key);
    else both.set(key, whole);
  }
  return Object.fromEntries(both);
}

function own<V>(table: Table<V>, key: string): V | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
