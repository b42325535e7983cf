/** Keep open graphs on the server: every five seconds what changed; where two changed the same, ask.
 *
 * Guarantees
 * 1. Nothing that is saved by somebody else is written over without being seen (If-Match).
 * 2. A graph that cannot be saved stays marked as not saved, and is tried again.
 */

import { createStore } from "zustand";
import { documentOf, type Remote, readSaved, saveDocument } from "../api/documents";
import { ServerError } from "../api/http";
import type { Doc } from "../graph/document";
import { canRun } from "./actions/run";
import { activeTab, desk, isChanged, openTab, patchTab, type Tab } from "./desk";
import { t } from "./i18n";
import { say, view } from "./view";

/** What somebody else saved meanwhile. */
export interface Conflict {
  readonly tab: string;
  readonly theirs: Doc;
  readonly remote: Remote;
}

interface Saving {
  readonly conflict: Conflict | null;
  /** Counts the times that the list of saved graphs changed beyond what tabs tell. */
  readonly listed: number;
}

export const saving = createStore<Saving>(() => ({ conflict: null, listed: 0 }));

export function listAgain(): void {
  saving.setState(({ listed }) => ({ listed: listed + 1 }));
}

const EVERY_MS = 5000;
const CHANGED_MEANWHILE = 412;
const busy = new Set<string>();
const refused = new WeakSet<Doc>();

export function keepSaved(): void {
  setInterval(() => {
    for (const tab of desk.getState().tabs) if (wantsSaving(tab)) void saveTab(tab);
  }, EVERY_MS);
}

export async function saveNow(): Promise<void> {
  if (!canRun()) return;
  await saveTab(activeTab());
}

function wantsSaving(tab: Tab): boolean {
  const { doc } = tab.history;
  const empty = Object.keys(doc.nodes).length === 0 && tab.remote === null;
  return isChanged(tab) && !empty && !refused.has(doc) && saving.getState().conflict?.tab !== tab.id;
}

async function saveTab(tab: Tab): Promise<void> {
  if (busy.has(tab.id)) return;
  busy.add(tab.id);
  const { doc } = tab.history;
  try {
    const remote = await saveDocument(doc, tab.remote);
    patchTab(tab.id, { remote, saved: doc });
  } catch (error) {
    if (!(error instanceof ServerError)) return; // no connection: tried again
    const { current, status } = error;
    if (status === CHANGED_MEANWHILE && current) meet(tab.id, documentOf(current), readSaved(current));
    else if (status === 404) patchTab(tab.id, { remote: null });
    else {
      refused.add(doc);
      say(t("save.refused", { reason: error.message }), "error");
    }
  } finally {
    busy.delete(tab.id);
  }
}

function meet(tab: string, theirs: Doc, remote: Remote): void {
  saving.setState({ conflict: { tab, theirs, remote } });
  view.setState({ dialog: "conflict" });
}

/** Settle a conflict: write mine over theirs, take theirs, or keep mine as another graph. */
export function settle(how: "mine" | "theirs" | "both"): void {
  const { conflict } = saving.getState();
  const tab = desk.getState().tabs.find(({ id }) => id === conflict?.tab);
  saving.setState({ conflict: null });
  view.setState({ dialog: null });
  if (!conflict || !tab) return;
  const mine = tab.history.doc;
  if (how === "mine") patchTab(tab.id, { remote: conflict.remote });
  else {
    patchTab(tab.id, { remote: conflict.remote, saved: conflict.theirs, replace: conflict.theirs });
    if (how === "both") openTab({ ...mine, name: t("save.copy", { name: mine.name }) }, { changed: true });
  }
  if (how === "mine") void saveNow();
}
