/** The one button: run, or cancel what runs. */

import { Play, Square } from "lucide-react";
import { canRun } from "../app/actions/run";
import { perform } from "../app/commands";
import { isFinal, useRun } from "../app/following";
import { t } from "../app/i18n";
import { useScene } from "../app/stage";
import { withKey } from "./withKey";

export function RunButton() {
  const run = useRun();
  const empty = useScene((scene) => scene.nodes.size === 0);
  if (run && !isFinal(run)) {
    return (
      <button type="button" className="button" onClick={() => perform("cancel")}>
        <Square className="icon small" aria-hidden="true" />
        {t("bar.cancel")}
      </button>
    );
  }
  return (
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
  );
}
