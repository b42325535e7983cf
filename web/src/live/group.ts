/** Where a Subgraph stands: what the run says of the nodes inside it, as one. */

import type { NodeState } from "../api/types";
import { WAITING } from "./fold";
import type { NodeLive } from "./runStore";

/** The ids of the subgraphs around a node of the flat graph: `a/b` and `a` of `a/b/node`. */
export function groupsAround(node: string): readonly string[] {
  const parts = node.split("/");
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join("/"));
}

/** One that failed makes it fail, one that runs makes it run; it is done when all that began are. */
export function foldGroup(inner: ReadonlyMap<string, NodeLive>): NodeLive {
  const lives = [...inner.values()];
  const running = lives.find(({ state }) => state.status === "running");
  return {
    state: { ...WAITING, ...stateOf(inner, lives) },
    progress: running?.progress ?? null,
    url: null,
    words: null,
  };
}

function stateOf(inner: ReadonlyMap<string, NodeLive>, lives: readonly NodeLive[]): Partial<NodeState> {
  const is = (status: NodeState["status"]) => lives.filter(({ state }) => state.status === status);
  const failed = [...inner].find(([, { state }]) => state.status === "failed");
  if (failed) return { status: "failed", message: `${failed[0]}: ${failed[1].state.message ?? ""}` };
  if (is("running").length > 0) return { status: "running" };
  const [blocked] = is("blocked");
  if (blocked) return { status: "blocked", by: blocked.state.by };
  if (is("waiting").length === lives.length) return {};
  if (is("cached").length === lives.length) return { status: "cached", tier: lives[0]?.state.tier ?? null };
  return { status: "done", seconds: lives.reduce((sum, { state }) => sum + (state.seconds ?? 0), 0) };
}
