/** How far the run is, for people who do not see its nodes: a bar, the node that works, and what went wrong. */

import { useEffect, useState } from "react";
import { activeTab } from "../app/desk";
import { isFinal, runs, useRun } from "../app/following";
import { number, t } from "../app/i18n";
import { knowledge } from "../app/knowledge";
import { titleOf } from "../graph/spec";
import type { NodeLive } from "../live/runStore";

const EVERY_MS = 200;

export function FormProgress() {
  const run = useRun();
  const going = run !== null && !isFinal(run);
  useTick(going);
  if (run?.status === "failed")
    return (
      <p className="sheet-fault" role="alert">
        {t("run.failed", { message: run.fault?.message ?? failure(run.id) })}
      </p>
    );
  if (!going) return null;
  const working = [...runs.known(run.id)].find(([, { state }]) => state.status === "running");
  const progress = working?.[1].progress;
  return (
    <div className="form-progress">
      <span className="form-working">
        <span>{working ? nodeTitle(working[0]) : t("form.working")}</span>
        <span className="quiet numbers">{working && progressText(working[1])}</span>
      </span>
      {progress ? (
        <progress aria-label={t("run.progress")} max={progress.total} value={progress.step} />
      ) : (
        <progress aria-label={t("run.progress")} />
      )}
    </div>
  );
}

/** Progress is told by node, so it is looked at now and then while a run goes on. */
function useTick(going: boolean): void {
  const [, tick] = useState(0);
  useEffect(() => {
    if (!going) return;
    const timer = setInterval(() => tick((count) => count + 1), EVERY_MS);
    return () => clearInterval(timer);
  }, [going]);
}

function progressText({ progress }: NodeLive): string {
  if (!progress) return "";
  const left = progress.left == null ? "" : ` · ${t("run.left", { seconds: number(progress.left, 1) })}`;
  return `${number(progress.step)} / ${number(progress.total)}${left}`;
}

function nodeTitle(flat: string): string {
  const [top = flat] = flat.split("/");
  return titleOf(knowledge.getState().know, activeTab().history.doc, top);
}

function failure(run: string): string {
  const failed = [...runs.known(run).values()].find(({ state }) => state.status === "failed");
  return failed?.state.message ?? "";
}
