/** The one button: run, or cancel what runs; beside it how often, and with which seeds. */

import { ListX, Play, Square } from "lucide-react";
import { useStore } from "zustand/react";
import { batch } from "../app/actions/batch";
import { canRun } from "../app/actions/run";
import { perform } from "../app/commands";
import { isFinal, useRun } from "../app/following";
import { t } from "../app/i18n";
import { useSettings } from "../app/settings";
import { useScene } from "../app/stage";
import type { SeedControl } from "../graph/batch";
import { withKey } from "./withKey";

const MOST = 64;
const CONTROLS: readonly SeedControl[] = ["fixed", "increment", "random"];

export function RunButton() {
  const run = useRun();
  const empty = useScene((scene) => scene.nodes.size === 0);
  const walk = useStore(batch, (state) => state.walk);
  if (walk || (run && !isFinal(run))) {
    return (
      <>
        {walk && <BatchState at={walk.at + 1} all={walk.runs.length} />}
        <button
          type="button"
          className="button"
          title={withKey(t("command.cancel"), "cancel")}
          onClick={() => perform("cancel")}
        >
          <Square className="icon small" aria-hidden="true" />
          {t("bar.cancel")}
        </button>
      </>
    );
  }
  return (
    <>
      <HowOften />
      <button
        type="button"
        className="button primary"
        disabled={empty || !canRun()}
        title={withKey(t("bar.run"), "run")}
        onClick={() => perform("run")}
      >
        <Play className="icon" aria-hidden="true" />
        {t("bar.run")}
      </button>
    </>
  );
}

function BatchState({ at, all }: { readonly at: number; readonly all: number }) {
  return (
    <>
      <span className="plan numbers">{t("batch.at", { at, all })}</span>
      <button
        type="button"
        className="button"
        title={withKey(t("command.cancelBatch"), "cancelBatch")}
        onClick={() => perform("cancelBatch")}
      >
        <ListX className="icon small" aria-hidden="true" />
        {t("batch.cancel")}
      </button>
    </>
  );
}

function HowOften() {
  const { count, seeds } = useSettings();
  return (
    <div className="how-often">
      <input
        type="number"
        className="numbers"
        min={1}
        max={MOST}
        value={count}
        aria-label={t("batch.count")}
        title={t("batch.count")}
        onChange={(event) => useSettings.setState({ count: bounded(event.currentTarget.valueAsNumber) })}
      />
      <select
        value={seeds}
        aria-label={t("batch.seeds")}
        title={t(`batch.${seeds}Help`)}
        onChange={(event) => {
          const chosen = CONTROLS.find((control) => control === event.currentTarget.value);
          if (chosen) useSettings.setState({ seeds: chosen });
        }}
      >
        {CONTROLS.map((control) => (
          <option key={control} value={control}>
            {t(`batch.${control}`)}
          </option>
        ))}
      </select>
    </div>
  );
}

function bounded(count: number): number {
  return Number.isFinite(count) ? Math.min(MOST, Math.max(1, Math.round(count))) : 1;
}
