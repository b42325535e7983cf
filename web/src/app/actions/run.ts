/** Run the graph, run to a node, cancel. */

import { ServerError } from "../../api/http";
import { parseLink } from "../../graph/link";
import { activeTab } from "../desk";
import { follow, isFinal, runs } from "../following";
import { t } from "../i18n";
import { knowledge } from "../knowledge";
import { prefix, scene } from "../stage";
import { say, view } from "../view";

export function canRun(): boolean {
  return knowledge.getState().backend?.live === true;
}

export function isRunning(): boolean {
  const id = activeTab().run;
  const run = id === null ? null : runs.run(id);
  return run !== null && !isFinal(run);
}

export async function runAll(): Promise<void> {
  await submit([]);
}

/** Compute what the chosen nodes give, and what that needs. */
export async function runToChosen(): Promise<void> {
  const targets = [...view.getState().chosen].flatMap((id) =>
    (scene().nodes.get(id)?.spec.outputs ?? []).map((port) => `${prefix()}${id}.${port.name}`),
  );
  if (targets.length > 0) await submit(targets.filter((target) => parseLink(target) !== null));
}

/** Compute these values of the flat graph again. */
export async function runTo(targets: readonly string[]): Promise<void> {
  await submit(targets);
}

export async function cancelRun(): Promise<void> {
  const { run } = activeTab();
  if (run !== null) await knowledge.getState().backend?.cancel(run);
}

/** Run without a word: a change did it, not a press of a button. */
export async function runQuietly(): Promise<void> {
  await submit([], true);
}

async function submit(targets: readonly string[], quiet = false): Promise<void> {
  const { backend } = knowledge.getState();
  if (!backend) return;
  try {
    const { id } = activeTab();
    const run = await backend.submit(activeTab().history.doc, targets);
    if (activeTab().id !== id) return;
    follow(run, quiet);
    if (!quiet) say(t("run.started"));
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    say(error.sentence, "error");
  }
}
