/** The queue of the server: what runs, what waits, and in which order. */

import { ask, field } from "./http";
import type { Run } from "./types";

const API = "/api/v1";

export interface Queue {
  readonly running: readonly Run[];
  readonly waiting: readonly Run[];
  /** How many wait in all; the list may be shorter. */
  readonly queued: number;
  readonly paused: boolean;
}

export async function queueOf(): Promise<Queue> {
  const [queue, running] = await Promise.all([
    ask(`${API}/queue?limit=100`),
    ask(`${API}/runs?status=running&limit=20`),
  ]);
  const told: unknown = JSON.parse(queue);
  const waiting = runsIn(told);
  const queued = field(field(told, "counts"), "queued");
  return {
    running: runsIn(JSON.parse(running)),
    waiting,
    queued: typeof queued === "number" ? queued : waiting.length,
    paused: field(told, "paused") === true,
  };
}

export async function moveRun(run: string, before: string): Promise<void> {
  await ask(`${API}/runs/${run}`, { method: "PATCH", body: { before } });
}

export async function cancelRun(run: string): Promise<void> {
  await ask(`${API}/runs/${run}/cancel`, { method: "POST", body: {} });
}

export async function cancelAll(): Promise<void> {
  await ask(`${API}/queue/cancel`, { method: "POST", body: {} });
}

export async function pauseQueue(pause: boolean): Promise<void> {
  await ask(`${API}/queue/${pause ? "pause" : "resume"}`, { method: "POST", body: {} });
}

function runsIn(value: unknown): readonly Run[] {
  const found = field(value, "runs");
  return Array.isArray(found) ? found.filter(isRun) : [];
}

function isRun(value: unknown): value is Run {
  return typeof field(value, "id") === "string" && typeof field(value, "status") === "string";
}
