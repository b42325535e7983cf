/** What a node is at, in its header: a word, never colour alone. */

import { Clock, Pin, TriangleAlert, Zap } from "lucide-react";
import { isFinal, useNodeLive, useRun } from "../app/following";
import { number, t } from "../app/i18n";
import { usePlan } from "../app/planning";
import { prefix } from "../app/stage";
import type { NodeLive } from "../live/runStore";

interface Props {
  readonly id: string;
  readonly incomplete: boolean;
  readonly unknown: boolean;
  readonly pinned: boolean;
}

export function NodeState({ id, incomplete, unknown, pinned }: Props) {
  const live = useNodeLive(id);
  const planned = usePlan()?.nodes.get(prefix() + id);
  const run = useRun();
  const busy = run !== null && (!isFinal(run) || run.status !== "done");
  if (unknown) return <Word tone="bad" text={t("state.unknown")} icon="alert" />;
  if (pinned && (planned === "refused" || live?.state.status === "failed")) {
    return <Word tone="bad" text={t("state.pinLost")} icon="alert" />;
  }
  if (pinned) return <Word tone="on" text={t("state.pinned")} icon="pin" title={t("plan.pinned")} />;
  if (incomplete && (live === null || live.state.status === "waiting")) {
    return <Word tone="quiet" text={t("state.incomplete")} icon={null} />;
  }
  if (planned === "run" && (live === null || !busy)) {
    return <Word tone="quiet" text={t("state.planned")} icon={null} title={t("plan.will")} />;
  }
  if (live === null)
    return planned === "cached" ? <Word tone="good" text={t("state.cached")} icon="zap" /> : null;
  return <Told live={live} />;
}

function Told({ live }: { readonly live: NodeLive }) {
  const { state, progress } = live;
  switch (state.status) {
    case "running":
      return (
        <>
          <Word
            tone="on"
            text={progress ? `${progress.step} / ${progress.total}` : t("state.running")}
            icon={null}
          />
          <progress
            className="node-progress"
            max={progress?.total ?? 1}
            value={progress?.step ?? 0}
            aria-hidden="true"
          />
        </>
      );
    case "cached":
      return <Word tone="good" text={t("state.cached")} icon="zap" title={state.tier ?? undefined} />;
    case "done":
      return (
        <Word tone="quiet" text={duration(state.seconds ?? 0)} icon="clock" title={memory(state.peak)} />
      );
    case "failed":
      return <Word tone="bad" text={t("state.failed")} icon="alert" />;
    case "blocked":
      return (
        <Word
          tone="quiet"
          text={t("state.blocked")}
          icon={null}
          title={t("state.blockedBy", { node: state.by ?? "" })}
        />
      );
    case "waiting":
      return <Word tone="quiet" text={t("state.waiting")} icon={null} />;
  }
}

const ICONS = { alert: TriangleAlert, zap: Zap, clock: Clock, pin: Pin };

interface WordProps {
  readonly tone: "on" | "good" | "quiet" | "bad";
  readonly text: string;
  readonly icon: keyof typeof ICONS | null;
  readonly title?: string | undefined;
}

function Word({ tone, text, icon, title }: WordProps) {
  const Picture = icon && ICONS[icon];
  return (
    <span className={`node-state ${tone} numbers`} title={title}>
      {Picture && <Picture className="icon small" aria-hidden="true" />}
      {text}
    </span>
  );
}

export function duration(seconds: number): string {
  return seconds < 1 ? `${number(seconds * 1000)} ms` : `${number(seconds, 1)} s`;
}

const MEGA = 2 ** 20;

/** The most memory that a node took, as its tooltip. */
function memory(peak: number | null | undefined): string | undefined {
  return peak == null ? undefined : `${t("run.memory")}: ${number(peak / MEGA, 1)} MB`;
}
