/** Live mode: every change runs by itself, and cancels the run before it. Only what changed is computed.
 *
 * Guarantees
 * 1. A graph that is opened does not run by itself; only a change to it does.
 * 2. A graph from elsewhere does not run by itself until it is trusted.
 */

import type { Doc } from "../graph/document";
import { problemsOf } from "../graph/problems";
import { cancelRun, canRun, isRunning, runQuietly } from "./actions/run";
import { activeTab, desk } from "./desk";
import { knowledge } from "./knowledge";
import { sameMeaning } from "./planning";
import { useSettings } from "./settings";

const AFTER_MS = 180;

export function keepLive(): void {
  let ran: Doc = activeTab().history.doc;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let submitting = false;

  const submit = async () => {
    timer = null;
    if (submitting) return;
    const { doc } = activeTab().history;
    if (activeTab().foreign !== null || Object.keys(doc.nodes).length === 0) return;
    if (!useSettings.getState().live || !canRun() || problemsOf(knowledge.getState().know, doc).length > 0)
      return;
    submitting = true;
    ran = doc;
    try {
      if (isRunning()) await cancelRun();
      await runQuietly();
    } finally {
      submitting = false;
      look();
    }
  };

  const look = () => {
    const { live } = useSettings.getState();
    const { history, foreign } = activeTab();
    const { doc } = history;
    const opened = history.past.length + history.future.length === 0;
    if (foreign !== null || opened) ran = doc;
    if (timer !== null && (foreign !== null || opened)) timer = stop(timer);
    if (!live || sameMeaning(ran, doc) || Object.keys(doc.nodes).length === 0) return;
    if (timer !== null) stop(timer);
    timer = setTimeout(() => void submit(), AFTER_MS);
  };

  desk.subscribe((now, before) => {
    if (now.active !== before.active) ran = activeTab().history.doc;
    look();
  });
  useSettings.subscribe((now, before) => {
    if (now.live && !before.live) void submit();
  });
}

function stop(timer: ReturnType<typeof setTimeout>): null {
  clearTimeout(timer);
  return null;
}
