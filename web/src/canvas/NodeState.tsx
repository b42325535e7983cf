/** What a node is at, in its header: a word, never colour alone. */

import { Clock, TriangleAlert, Zap } from "lucide-react";
import { useNodeLive } from "../app/following";
import { number, t } from "../app/i18n";
import type { NodeLive } from "../live/runStore";

interface Props {
  readonly id: string;
  readonly incomplete: boolean;
  readonly unknown: boolean;
}

export function NodeState({ id, incomplete, unknown }: Props) {
  const live = useNodeLive(id);
  if (unknown) return <Word tone="bad" text={t("state.unknown")} icon="alert" />;
  if (live === null)
    return incomplete ? <Word tone="quiet" text={t("state.incomplete")} icon={null} /> : null;
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
      return <Word tone="good" text={t("state.cached")} icon="zap" />;
    case "done":
      return <Word tone="quiet" text={duration(state.seconds ?? 0)} icon="clock" />;
    case "failed":
      return <Word tone="bad" text={t("state.failed")} icon="alert" />;
    case "blocked":
      return <Word tone="quiet" text={t("state.blocked")} icon={null} />;
    case "waiting":
      return <Word tone="quiet" text={t("state.waiting")} icon={null} />;
  }
}

const ICONS = { alert: TriangleAlert, zap: Zap, clock: Clock };

interface WordProps {
  readonly tone: "on" | "good" | "quiet" | "bad";
  readonly text: string;
  readonly icon: keyof typeof ICONS | null;
}

function Word({ tone, text, icon }: WordProps) {
  const Picture = icon && ICONS[icon];
  return (
    <span className={`node-state ${tone} numbers`}>
      {Picture && <Picture className="icon small" aria-hidden="true" />}
      {text}
    </span>
  );
}

export function duration(seconds: number): string {
  return seconds < 1 ? `${number(seconds * 1000)} ms` : `${number(seconds, 1)} s`;
}
