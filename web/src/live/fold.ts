/** Add up the events of a run: where each node stands, as the server's own snapshot would say. */

import type { NodeState, Run, RunEvent } from "../api/types";

export const WAITING: NodeState = {
  status: "waiting",
  tier: null,
  seconds: null,
  peak: null,
  outputs: {},
  summaries: {},
  message: null,
  by: null,
  items: null,
  finished_items: null,
};

export function foldNode(state: NodeState, event: RunEvent): NodeState {
  switch (event.type) {
    case "node_started":
      return {
        ...WAITING,
        status: "running",
        items: event.items ?? null,
        finished_items: event.items == null ? null : 0,
      };
    case "item_finished":
      return { ...state, finished_items: (state.finished_items ?? 0) + 1 };
    case "node_cached":
      return { ...WAITING, status: "cached", tier: event.tier, outputs: event.outputs };
    case "node_finished":
      return {
        ...state,
        status: "done",
        seconds: event.seconds,
        peak: event.peak,
        outputs: event.outputs,
        summaries: event.summaries,
      };
    case "node_failed":
      return { ...state, status: "failed", message: event.message };
    case "node_blocked":
      return { ...WAITING, status: "blocked", by: event.by };
    default:
      return state;
  }
}

export function foldRun(run: Run, event: RunEvent): Run {
  const last = event.n;
  switch (event.type) {
    case "run_queued":
    case "run_interrupted":
      return { ...run, last, status: "queued" };
    case "run_started":
      return { ...run, last, status: "running", attempt: event.attempt, started: event.at };
    case "run_finished": {
      const { status, counts, outputs, fault = null } = event;
      return { ...run, last, status, counts, outputs, fault, finished: event.at };
    }
    default:
      return { ...run, last };
  }
}
