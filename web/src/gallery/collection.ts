/** The runs that the gallery has read so far, the newest first, and what is searched and chosen in it. */

import { create } from "zustand";
import { runPage } from "../api/runPages";
import type { Run } from "../api/types";
import { knowledge } from "../app/knowledge";
import type { Doc } from "../graph/document";

export interface Collection {
  readonly runs: ReadonlyMap<string, Run>;
  /** Where older runs begin; null once all are here. */
  readonly next: string | null;
  readonly state: "new" | "reading" | "read" | "failed";
  /** The graphs of runs, as far as a search or a picture needed them; null for one that is gone. */
  readonly graphs: ReadonlyMap<string, Doc | null>;
  readonly query: string;
  /** Only what has so many stars. */
  readonly least: number;
  readonly chosen: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

export const useCollection = create<Collection>(() => ({
  runs: new Map(),
  next: null,
  state: "new",
  graphs: new Map(),
  query: "",
  least: 0,
  chosen: NONE,
}));

/** Read the newest runs; those that are known stay. */
export async function refresh(): Promise<void> {
  const first = useCollection.getState().state === "new";
  await read(null, (next) => (first ? { next } : {}));
}

export async function readOlder(): Promise<void> {
  const { next, state } = useCollection.getState();
  if (next !== null && state === "read") await read(next, (older) => ({ next: older }));
}

async function read(
  before: string | null,
  then: (next: string | null) => Partial<Collection>,
): Promise<void> {
  useCollection.setState({ state: "reading" });
  try {
    const page = await runPage(before);
    useCollection.setState(({ runs }) => ({
      ...then(page.next),
      runs: new Map([...runs, ...page.runs.map((run): [string, Run] => [run.id, run])]),
      state: "read",
    }));
  } catch {
    useCollection.setState({ state: "failed" });
  }
}

const asked = new Set<string>();

/** Read the graphs of runs that are not known yet, one after another. */
export async function learnGraphs(runs: readonly string[]): Promise<void> {
  for (const id of runs) {
    if (asked.has(id)) continue;
    asked.add(id);
    const doc =
      (await knowledge
        .getState()
        .backend?.runGraph(id)
        .catch(() => null)) ?? null;
    useCollection.setState(({ graphs }) => ({ graphs: new Map([...graphs, [id, doc]]) }));
  }
}

export function toggleChosen(digest: string): void {
  useCollection.setState(({ chosen }) => {
    const next = new Set(chosen);
    if (!next.delete(digest)) next.add(digest);
    return { chosen: next };
  });
}

export function chooseNone(): void {
  useCollection.setState({ chosen: NONE });
}
