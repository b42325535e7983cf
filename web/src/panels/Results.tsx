/** What the graph gives: its public outputs of the run that is shown, large. */

import { useRun } from "../app/following";
import { t } from "../app/i18n";
import { ValueView } from "../values/ValueView";

export function Results() {
  const run = useRun();
  if (!run) return null;
  const made = Object.entries(run.outputs ?? {});
  if (made.length === 0) return null;
  return (
    <section>
      <h2>{t(made.length === 1 ? "value.result" : "value.results")}</h2>
      {made.map(([name, output]) => (
        <ValueView key={name} run={run.id} link={output.link} made={output.digests.join()} />
      ))}
    </section>
  );
}
