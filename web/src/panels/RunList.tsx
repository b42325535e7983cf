/** Runs that were; each opens with its exact graph. */

import { useEffect, useState } from "react";
import { useStore } from "zustand/react";
import { pictureOf } from "../api/sweeps";
import type { Run } from "../api/types";
import { openRun } from "../app/actions/past";
import { connection, isFinal, useRun } from "../app/following";
import { t, when } from "../app/i18n";
import { knowledge } from "../app/knowledge";
import { said } from "../app/said";
import { duration } from "../canvas/NodeState";
import { parseJson } from "../graph/parse";
import { address } from "../values/summary";

export function RunList() {
  const listed = useRuns();
  if (listed.length === 0) return <p className="sheet-hint">{t("run.history.empty")}</p>;
  return (
    <ul className="run-list">
      {listed.map((run) => (
        <li key={run.id}>
          <button
            type="button"
            className="run-entry"
            title={t("history.restore")}
            onClick={() => void said(openRun(run.id))}
          >
            <Thumbnail run={run} />
            <span className={`run-mark ${run.status}`} aria-hidden="true" />
            <span className="entry-title">{run.name || t("bar.untitled")}</span>
            <span className="quiet numbers">
              {runText(run)} · {when(run.created)}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Asked anew whenever the queue or the shown run says that it changed. */
function useRuns(): readonly Run[] {
  const [listed, setListed] = useState<readonly Run[]>([]);
  const backend = useStore(knowledge, (state) => state.backend);
  const queued = useStore(connection, (state) => state.queued);
  const status = useRun()?.status;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the counts say when to ask again
  useEffect(() => {
    let wanted = true;
    void backend?.runs().then((runs) => wanted && setListed(runs));
    return () => {
      wanted = false;
    };
  }, [backend, queued, status]);
  return listed;
}

function Thumbnail({ run }: { readonly run: Run }) {
  const link = run.status === "done" ? pictureOf(parseJson(JSON.stringify(run.outputs ?? {}))) : null;
  return link ? (
    <img className="run-thumbnail" src={address(run.id, link, "png")} alt="" loading="lazy" />
  ) : null;
}

function runText(run: Run): string {
  if (isFinal(run) && run.started != null && run.finished != null && run.status === "done") {
    return duration(run.finished - run.started);
  }
  return t(`state.${run.status}`);
}
