/** The runs of the server, page by page, the newest first. */

import { ask, field } from "./http";
import { readRuns } from "./server";
import type { Run } from "./types";

export interface RunPage {
  readonly runs: readonly Run[];
  /** Where the next page begins; null after the last. */
  readonly next: string | null;
}

const EACH = 100;

export async function runPage(before: string | null): Promise<RunPage> {
  const from = before === null ? "" : `&before=${encodeURIComponent(before)}`;
  const text = await ask(`/api/v1/runs?limit=${EACH}${from}`);
  const next = field(JSON.parse(text), "next");
  return { runs: readRuns(text), next: typeof next === "string" ? next : null };
}
