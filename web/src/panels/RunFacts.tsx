/** What the run that is shown says of a node. */

import { useNodeLive } from "../app/following";
import { number, t } from "../app/i18n";
import { duration } from "../canvas/NodeState";
import type { NodeLive } from "../live/runStore";

export function RunFacts({ id }: { readonly id: string }) {
  const live = useNodeLive(id);
  if (!live) return null;
  const facts = factsOf(live);
  if (facts.length === 0) return null;
  return (
    <section>
      <h2>{t("inspector.run")}</h2>
      <dl className="facts numbers">
        {facts.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      {live.state.message && <p className="sheet-fault">{live.state.message}</p>}
    </section>
  );
}

const MEGA = 2 ** 20;

function factsOf({ state, progress }: NodeLive): readonly (readonly [string, string])[] {
  const facts: (readonly [string, string])[] = [];
  if (progress) {
    const rate = progress.rate == null ? "" : ` · ${t("run.rate", { rate: number(progress.rate, 1) })}`;
    facts.push([t("run.progress"), `${progress.step} / ${progress.total}${rate}`]);
  }
  if (state.seconds != null) facts.push([t("run.seconds"), duration(state.seconds)]);
  if (state.peak != null) facts.push([t("run.memory"), `${number(state.peak / MEGA, 1)} MB`]);
  if (state.tier != null) facts.push([t("run.tier"), state.tier]);
  if (state.items != null)
    facts.push([t("run.progress"), t("run.items", { done: state.finished_items ?? 0, all: state.items })]);
  return facts;
}
