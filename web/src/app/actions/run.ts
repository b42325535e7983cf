/** Run the graph, run to a node, cancel. */

import { ServerError } from "../../api/http";
import { targetsFrom, targetsOf } from "../../graph/targets";
import { activeTab } from "../desk";
import { follow, isFinal, runs } from "../following";
import { t } from "../i18n";
import { knowledge } from "../knowledge";
import { say, view } from "../view";

export function canRun(): boolean {
  return knowledge.getState().backend?.live === true;
}

export function isRunning(): boolean {
  const id = activeTab().run;
  const run = id === null ? null : runs.run(id);
  return run !== null && !isFinal(run);
}

/** Run to the public outputs. */
export async function runPublic(): Promise<void> {
  await submit([]);
}

/** Compute what the chosen nodes give, and what that needs. */
export async function runToChosen(): Promise<void> {
  await runTargets(targetsOf);
}

/** Compute the chosen nodes and all that depends on them. */
export async function runFromChosen(): Promise<void> {
  await runTargets(targetsFrom);
}

async function runTargets(find: typeof targetsOf): Promise<void> {
  const { history, path } = activeTab();
  const targets = find(knowledge.getState().know, history.doc, path, view.getState().chosen);
  if (targets.length > 0) await submit(targets);
  else say(t("run.noTargets"), "error");
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
