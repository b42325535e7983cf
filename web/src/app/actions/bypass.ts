/** Bypass and mute what is chosen. */

import { setPassing, toggleBypass, toggleMute } from "../../graph/edit/bypass";
import { edit, level } from "../desk";
import { t } from "../i18n";
import { knowledge } from "../knowledge";
import { say, view } from "../view";

export function bypassChosen(): void {
  const ids = [...view.getState().chosen];
  edit({ id: "bypass" }, (doc) => toggleBypass(knowledge.getState().know, doc, ids));
  const [only] = ids;
  const bypass = ids.length === 1 && only !== undefined ? level().nodes[only]?.bypass : null;
  if (bypass && Object.keys(bypass).length === 0) say(t("bypass.none"));
}

export function muteChosen(): void {
  const { chosen } = view.getState();
  edit({ id: "mute" }, (doc) => toggleMute(doc, chosen));
}

export function passOn(id: string, output: string, input: string | null): void {
  edit({ id: "bypass" }, (doc) => setPassing(doc, id, output, input));
}
