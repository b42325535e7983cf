/** Which nodes of a run cost most: seconds or memory of each, and its share of the largest. */

import type { NodeLive } from "./runStore";

export type Measure = "seconds" | "memory";

export interface Cost {
  readonly node: string;
  /** Null where it was not measured: memory cannot always be told apart by node. */
  readonly seconds: number | null;
  readonly memory: number | null;
}

/** The nodes that were computed, the slowest first; what came from the cache has cost nothing. */
export function costsOf(nodes: Iterable<readonly [string, NodeLive]>): readonly Cost[] {
  const found = [...nodes].flatMap(([node, { state }]): Cost[] =>
    state.status === "done" ? [{ node, seconds: state.seconds ?? null, memory: state.peak ?? null }] : [],
  );
  return found.sort((a, b) => (b.seconds ?? 0) - (a.seconds ?? 0));
}

/** From 0 to 1 by node; a Subgraph has the seconds of all that is in it, and the largest memory. */
export function sharesOf(costs: readonly Cost[], by: Measure): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const cost of costs) {
    const value = cost[by];
    if (value === null) continue;
    for (const path of withParents(cost.node)) {
      const known = sums.get(path) ?? 0;
      sums.set(path, by === "seconds" ? known + value : Math.max(known, value));
    }
  }
  const most = Math.max(...sums.values(), 0);
  return most === 0 ? new Map() : new Map([...sums].map(([node, value]) => [node, value / most]));
}

/** `a/b/c` with `a/b` and `a`. */
function withParents(node: string): readonly string[] {
  const parts = node.split("/");
  return parts.map((_, at) => parts.slice(0, at + 1).join("/"));
}
