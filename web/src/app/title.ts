/** The title of the browser's tab: how far the run is, then the graph. */

import { activeTab } from "./desk";
import { isFinal, runs } from "./following";
import { t } from "./i18n";

const EVERY_MS = 500;

export function keepTitle(): void {
  setInterval(() => {
    const title = titleNow();
    if (document.title !== title) document.title = title;
  }, EVERY_MS);
}

function titleNow(): string {
  const { run, history } = activeTab();
  const name = history.doc.name || t("bar.untitled");
  const now = run === null ? null : runs.run(run);
  if (!now) return `${name} · ${t("app.name")}`;
  if (!isFinal(now)) return `${progressOf(now.id)} · ${name}`;
  return `${now.status === "failed" ? "✗ " : ""}${name} · ${t("app.name")}`;
}

function progressOf(run: string): string {
  for (const { progress, state } of runs.known(run).values()) {
    if (state.status === "running" && progress)
      return `${Math.floor((100 * progress.step) / progress.total)} %`;
  }
  return "…";
}
