/** What the run that is shown says of a node. */

import { useStore } from "zustand/react";
import { whyOf } from "../api/plans";
import { useTab } from "../app/desk";
import { useNodeLive } from "../app/following";
import { number, t } from "../app/i18n";
import { planning, usePlan } from "../app/planning";
import { prefix } from "../app/stage";
import { duration } from "../canvas/NodeState";
import type { NodeLive } from "../live/runStore";
import { useLoaded } from "../values/useLoaded";

export function RunFacts({ id }: { readonly id: string }) {
  const live = useNodeLive(id);
  const facts = live ? factsOf(live) : [];
  const planned = usePlan()?.nodes.get(prefix() + id);
  const blocked = live?.state.status === "blocked" ? live.state.by : null;
  if (facts.length === 0 && planned === undefined && !live?.state.message) return null;
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
      {(planned === "run" || planned === "refused") && <Why id={id} />}
      {blocked && <p>{t("state.blockedBy", { node: blocked })}</p>}
      {live?.state.message && <p className="sheet-fault">{live.state.message}</p>}
    </section>
  );
}

/** Why the node will run: what changed before it or in it. */
function Why({ id }: { readonly id: string }) {
  const doc = useTab((tab) => tab.history.doc);
  const why = useLoaded(`${id} ${useStore(planning, (state) => state.doc) === doc}`, () =>
    whyOf(doc, prefix() + id),
  );
  return <p className="quiet">{why.at === "here" ? why.value : t("plan.will")}</p>;
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
  if (state.tier != null && state.tier !== "pinned") facts.push([t("run.tier"), state.tier]);
  if (state.items != null)
    facts.push([t("run.progress"), t("run.items", { done: state.finished_items ?? 0, all: state.items })]);
  return facts;
}
