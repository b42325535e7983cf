/** Share links and files. */

import { exported, type Form, shareRun } from "../../api/documents";
import { activeTab } from "../desk";
import { isFinal, runs } from "../following";
import { t } from "../i18n";
import { said } from "../said";
import { say } from "../view";

const SUFFIXES: Readonly<Record<Form, string>> = { png: "png", json: "json", python: "py", curl: "sh" };

/** Copy a link that shows the run of this graph to whoever holds it. */
export function shareLink(): Promise<void> {
  return said(copyLink());
}

async function copyLink(): Promise<void> {
  const { run } = activeTab();
  if (run === null) return;
  const link = location.origin + (await shareRun(run));
  try {
    await navigator.clipboard.writeText(link);
    say(t("share.copied", { link }));
  } catch {
    say(link);
  }
}

/** A picture carries the run that made it; the other forms the graph as it stands. */
export function exportAs(form: Form): Promise<void> {
  return said(download(form));
}

async function download(form: Form): Promise<void> {
  const { run, history } = activeTab();
  const known = run === null ? null : runs.run(run);
  const from = form === "png" && known && isFinal(known) ? { run: known.id } : { doc: history.doc };
  const url = URL.createObjectURL(await exported(form, from));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${history.doc.name || "graph"}.${SUFFIXES[form]}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
