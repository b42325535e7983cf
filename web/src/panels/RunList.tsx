/** Runs that wait, or that were; a past one opens with its exact graph. */

import { useEffect, useState } from "react";
import { useStore } from "zustand/react";
import type { Run } from "../api/types";
import { openTab } from "../app/desk";
import { connection, isFinal, useRun } from "../app/following";
import { t } from "../app/i18n";
import { knowledge } from "../app/knowledge";
import { duration } from "../canvas/NodeState";

export function RunList({ which }: { readonly which: "queue" | "history" }) {
  const listed = useRuns(which);
  if (listed.length === 0) return <p className="sheet-hint">{t(`run.${which}.empty`)}</p>;
  return (
    <ul className="run-list">
      {listed.map((run) => (
        <li key={run.id}>
          <button type="button" className="run-entry" onClick={() => void open(run)}>
            <span className={`run-mark ${run.status}`} aria-hidden="true" />
            <span className="entry-title">{run.name || t("bar.untitled")}</span>
            <span className="quiet numbers">{runText(run)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Asked anew whenever the queue or the shown run says that it changed. */
function useRuns(which: "queue" | "history"): readonly Run[] {
  const [listed, setListed] = useState<readonly Run[]>([]);
  const backend = useStore(knowledge, (state) => state.backend);
  const queued = useStore(connection, (state) => state.queued);
  const status = useRun()?.status;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the counts say when to ask again
  useEffect(() => {
    let wanted = true;
    const asked = which === "queue" ? backend?.queue().then((queue) => queue.runs) : backend?.runs();
    void asked?.then((runs) => wanted && setListed(runs));
    return () => {
      wanted = false;
    };
  }, [which, backend, queued, status]);
  return listed;
}

async function open(run: Run): Promise<void> {
  const doc = await knowledge.getState().backend?.runGraph(run.id);
  if (doc) openTab(doc);
}

function runText(run: Run): string {
  if (isFinal(run) && run.started != null && run.finished != null && run.status === "done") {
    return duration(run.finished - run.started);
  }
  return t(`state.${run.status}`);
}
