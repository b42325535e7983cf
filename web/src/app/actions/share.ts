/** Share links and files. */

import { exported, type Form, shareRun } from "../../api/documents";
import { askBytes } from "../../api/http";
import { pictureOf } from "../../api/sweeps";
import { pack } from "../../graph/packed";
import { parseJson } from "../../graph/parse";
import { address } from "../../values/summary";
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
  if (run !== null) await give(location.origin + (await shareRun(run)));
}

async function give(link: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(link);
    say(t("share.copied", { link: link.length > 80 ? `${link.slice(0, 80)}…` : link }));
  } catch {
    say(link);
  }
}

const LONGEST_LINK = 60_000;

/** Copy a link that holds the graph itself: no server keeps it. */
export async function graphLink(): Promise<void> {
  const link = `${location.origin}/#graph=${await pack(activeTab().history.doc)}`;
  if (link.length > LONGEST_LINK) say(t("share.linkLong"), "error");
  else await give(link);
}

/** The first picture of the run, without its graph: the pixels and nothing else. */
export async function savePicture(): Promise<void> {
  const { run, history } = activeTab();
  const known = run === null ? null : runs.run(run);
  const link = known && pictureOf(parseJson(JSON.stringify(known.outputs ?? {})));
  if (known && link)
    await said(fetched(address(known.id, link, "png"), `${history.doc.name || "picture"}.png`));
}

async function fetched(from: string, name: string): Promise<void> {
  saveAs(new Blob([await askBytes(from)], { type: "image/png" }), name);
}

/** A picture carries the run that made it; the other forms the graph as it stands. */
export function exportAs(form: Form): Promise<void> {
  return said(download(form));
}

async function download(form: Form): Promise<void> {
  const { run, history } = activeTab();
  const known = run === null ? null : runs.run(run);
  const from = form === "png" && known && isFinal(known) ? { run: known.id } : { doc: history.doc };
  saveAs(await exported(form, from), `${history.doc.name || "graph"}.${SUFFIXES[form]}`);
}

function saveAs(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
