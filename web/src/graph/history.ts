/** The past and the future of one document, in named steps. */

import { applyDiff, type Diff, diffOf, isEmpty, reverse, squash } from "./diff";
import type { Doc } from "./document";

/** What a step was, for menus: `Undo move 3 nodes`. The words are looked up by the interface. */
export interface Action {
  readonly id: ActionId;
  readonly count?: number;
  readonly what?: string;
}

export type ActionId =
  | "add"
  | "delete"
  | "connect"
  | "disconnect"
  | "param"
  | "move"
  | "rename"
  | "duplicate"
  | "paste"
  | "cut"
  | "frame"
  | "note"
  | "group"
  | "ungroup"
  | "tidy"
  | "look"
  | "public"
  | "align"
  | "splice"
  | "bypass"
  | "mute"
  | "pin"
  | "unpin"
  | "wire"
  | "swap"
  | "bookmark"
  | "open";

export interface Entry {
  readonly action: Action;
  readonly diff: Diff;
  /** Steps of the same key that follow one another become one: typing, nudging, dragging a slider. */
  readonly merge: string | null;
  readonly at: number;
}

export interface History {
  readonly doc: Doc;
  readonly past: readonly Entry[];
  readonly future: readonly Entry[];
}

const LIMIT = 200;
const MERGE_MS = 1500;

export function begin(doc: Doc): History {
  return { doc, past: [], future: [] };
}

/** Record a step; a step that changes nothing is none. */
export function record(
  history: History,
  after: Doc,
  action: Action,
  merge: string | null,
  at: number,
): History {
  const diff = diffOf(history.doc, after);
  if (isEmpty(diff)) return history;
  const last = history.past.at(-1);
  if (
    last &&
    merge !== null &&
    last.merge === merge &&
    at - last.at < MERGE_MS &&
    history.future.length === 0
  ) {
    const whole = squash(last.diff, diff);
    const rest = history.past.slice(0, -1);
    return { doc: after, past: isEmpty(whole) ? rest : [...rest, { ...last, diff: whole, at }], future: [] };
  }
  return { doc: after, past: [...history.past, { action, diff, merge, at }].slice(-LIMIT), future: [] };
}

export function undo(history: History): History {
  const last = history.past.at(-1);
  if (!last) return history;
  return {
    doc: applyDiff(history.doc, reverse(last.diff)),
    past: history.past.slice(0, -1),
    future: [{ ...last, merge: null }, ...history.future],
  };
}

export function redo(history: History): History {
  const [next, ...future] = history.future;
  if (!next) return history;
  return { doc: applyDiff(history.doc, next.diff), past: [...history.past, next], future };
}
