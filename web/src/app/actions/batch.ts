/** Run as often as asked, each run with its seed; a batch is one sweep, of which the canvas shows one run after the other. */

import { createStore } from "zustand";
import { beginBatch, cancelSweep, cellsOf } from "../../api/sweeps";
import { type Batch, batchOf } from "../../graph/batch";
import { type Doc, EMPTY } from "../../graph/document";
import { activeTab, editWhole } from "../desk";
import { follow, isFinal, runs } from "../following";
import { t } from "../i18n";
import { knowledge } from "../knowledge";
import { sameMeaning } from "../planning";
import { said } from "../said";
import { useSettings } from "../settings";
import { say } from "../view";
import { runPublic } from "./run";

/** The batch that the canvas walks through; `at` counts from 0. */
export interface Walk {
  readonly sweep: string;
  readonly tab: string;
  readonly runs: readonly string[];
  readonly at: number;
}

export const batch = createStore<{ readonly walk: Walk | null }>(() => ({ walk: null }));

/** By tab, the graph that was run last. */
const ran = new Map<string, Doc>();

/** Run the graph to its public outputs, as often and with the seeds that are chosen beside the button. */
export async function runAll(): Promise<void> {
  const { count, seeds } = useSettings.getState();
  const { id, history, locked } = activeTab();
  const planned = batchOf(knowledge.getState().know, history.doc, {
    control: locked ? "fixed" : seeds,
    count,
    again: sameMeaning(ran.get(id) ?? EMPTY, history.doc),
    random: Math.random,
  });
  const last = planned?.last;
  if (last && last !== history.doc)
    editWhole({ id: "param", what: t("batch.seed") }, () => last, "batch seed");
  ran.set(id, activeTab().history.doc);
  if (count > 1 && planned) return said(runBatch(id, planned));
  if (count > 1) say(t("batch.none"));
  await runPublic();
}

export async function cancelBatch(): Promise<void> {
  const { walk } = batch.getState();
  if (walk) await said(cancelSweep(walk.sweep));
}

async function runBatch(tab: string, { sent, values }: Batch): Promise<void> {
  const sweep = await beginBatch(sent, values);
  const cells = await cellsOf(sweep);
  const listed = [...cells].sort((a, b) => a.index - b.index).map(({ run }) => run);
  batch.setState({ walk: { sweep, tab, runs: listed, at: 0 } });
  say(t("batch.started", { count: listed.length }));
  await show(sweep);
}

/** Follow the run at hand, and when it has ended the next one; who looks at another graph is left alone. */
async function show(sweep: string): Promise<void> {
  const { walk } = batch.getState();
  const { backend } = knowledge.getState();
  const id = walk?.runs[walk.at];
  if (!backend || !walk || walk.sweep !== sweep) return;
  const run = id === undefined ? null : await backend.run(id);
  if (run === null || activeTab().id !== walk.tab) {
    batch.setState({ walk: null });
    return;
  }
  follow({ ...run, status: "queued", last: -1 }, true);
  const stop = runs.subscribe(run.id, null, () => {
    const now = runs.run(run.id);
    if (!now || !isFinal(now)) return;
    stop();
    batch.setState({ walk: walk.at + 1 < walk.runs.length ? { ...walk, at: walk.at + 1 } : null });
    void said(show(sweep));
  });
}
