/** What is chosen, dragged and asked on the canvas right now; nothing of it is saved. */

import { createStore } from "zustand";
import { useStore } from "zustand/react";
import type { Imported } from "../api/documents";
import type { PortAt, Verdict } from "../graph/compat";
import type { Point, Table } from "../graph/document";
import type { Guide } from "../graph/layout/guides";
import type { Need } from "../graph/search";

/** A wire that is being dragged: from an output forwards, or from an input backwards. */
export interface Wiring {
  readonly from: PortAt;
  readonly side: "input" | "output";
}

/** The node search, open at a place of the canvas, for a dragged wire or for any node. */
export interface Asking {
  readonly at: Point;
  readonly screen: Point;
  readonly need: Need | null;
  readonly wiring: Wiring | null;
  /** Sockets that stand are offered too: for a wire that was begun by the keyboard. */
  readonly standing?: boolean;
}

export interface Said {
  readonly id: number;
  readonly text: string;
  readonly tone: "plain" | "error";
  /** What would mend it. */
  readonly mend: Mend | null;
}

export interface Mend {
  readonly label: string;
  readonly run: () => void;
}

/** A graph from elsewhere, before it is opened; what was pasted may go into the graph that is open. */
export interface Arrived extends Imported {
  readonly file: string;
  readonly pasted: "keep" | "drop" | null;
}

export type DialogName =
  | "settings"
  | "versions"
  | "find"
  | "trust"
  | "palette"
  | "shortcuts"
  | "problems"
  | "conflict"
  | "import"
  | "sweep"
  | "timings"
  | "colour";

export interface View {
  readonly chosen: ReadonlySet<string>;
  readonly chosenWires: ReadonlySet<string>;
  /** The output that the inspector opens, as `node.port`; null for the first. */
  readonly port: string | null;
  readonly drag: Table<Point> | null;
  /** What is dragged will be copied where it is dropped. */
  readonly copying: boolean;
  /** What the dragged stands in line with. */
  readonly guides: readonly Guide[];
  /** The wire that takes the dragged node in. */
  readonly over: string | null;
  readonly wiring: Wiring | null;
  /** The wire of which an end is being plugged elsewhere. */
  readonly replugging: string | null;
  readonly verdict: { readonly text: string; readonly good: boolean } | null;
  readonly asking: Asking | null;
  readonly dialog: DialogName | null;
  readonly imported: Arrived | null;
  readonly said: Said | null;
  /** What the camera goes to when the next level is shown, instead of all of it. */
  readonly seek: string | null;
  /** The camera is about to look from afar: nodes go before it moves, so that they are not all mounted for a moment. */
  readonly leaping: boolean;
}

const NOTHING: ReadonlySet<string> = new Set();

export const view = createStore<View>(() => ({
  chosen: NOTHING,
  chosenWires: NOTHING,
  port: null,
  drag: null,
  copying: false,
  guides: [],
  over: null,
  replugging: null,
  wiring: null,
  verdict: null,
  asking: null,
  dialog: null,
  imported: null,
  said: null,
  seek: null,
  leaping: false,
}));

export function useView<V>(select: (view: View) => V): V {
  return useStore(view, select);
}

export function choose(ids: Iterable<string>, wires: Iterable<string> = []): void {
  view.setState({ chosen: new Set(ids), chosenWires: new Set(wires), port: null });
}

/** Say something to the person, and to a screen reader. */
export function say(text: string, tone: Said["tone"] = "plain", mend: Mend | null = null): void {
  view.setState(({ said }) => ({ said: { id: (said?.id ?? 0) + 1, text, tone, mend } }));
}

export type { Verdict };
