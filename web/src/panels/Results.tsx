/** What the graph gives: its public outputs of the run that is shown, large; until it ends, those of the run before it. */

import { useRef } from "react";
import type { Run } from "../api/types";
import { useRun } from "../app/following";
import { t } from "../app/i18n";
import { AnyValue } from "./AnyValue";

export function Results() {
  const now = useRun();
  const last = useRef<Run | null>(null);
  if (now && Object.keys(now.outputs ?? {}).length > 0) last.current = now;
  const run = now === null ? null : last.current;
  if (!run) return null;
  const made = Object.entries(run.outputs ?? {});
  if (made.length === 0) return null;
  return (
    <section>
      <h2>{t(made.length === 1 ? "value.result" : "value.results")}</h2>
      {made.map(([name, output]) => (
        <AnyValue key={name} run={run.id} link={output.link} made={output.digests.join()} />
      ))}
    </section>
  );
}
