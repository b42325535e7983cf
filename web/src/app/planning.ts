/** The plan of the graph that is looked at, asked for when it changes and when a run ends. */

import { createStore } from "zustand";
import { useStore } from "zustand/react";
import { type Plan, planOf } from "../api/plans";
import type { Doc } from "../graph/document";
import { problemsOf } from "../graph/problems";
import { canRun } from "./actions/run";
import { activeTab, desk, useTab } from "./desk";
import { connection } from "./following";
import { number, t } from "./i18n";
import { knowledge } from "./knowledge";

interface Planned {
  readonly doc: Doc | null;
  readonly plan: Plan | null;
}

export const planning = createStore<Planned>(() => ({ doc: null, plan: null }));

const AFTER_MS = 400;

/** What decides what is computed: places and names of graphs do not. */
export function meaning(doc: Doc): readonly unknown[] {
  return [doc.nodes, doc.inputs, doc.outputs];
}

export function sameMeaning(a: Doc, b: Doc): boolean {
  const [before, after] = [meaning(a), meaning(b)];
  return before.every((part, at) => part === after[at]);
}

export function keepPlanned(): void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let asked = "";
  let doc: Doc | null = null;
  const look = () => {
    const tab = activeTab();
    const now = `${tab.id} ${tab.run} ${connection.getState().ended}`;
    if (now === asked && doc !== null && sameMeaning(doc, tab.history.doc)) return;
    asked = now;
    doc = tab.history.doc;
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => void ask(), AFTER_MS);
  };
  desk.subscribe(look);
  connection.subscribe(look);
  look();
}

async function ask(): Promise<void> {
  const { doc } = activeTab().history;
  const open = problemsOf(knowledge.getState().know, doc).length > 0 || Object.keys(doc.nodes).length === 0;
  if (open || !canRun()) {
    planning.setState({ doc, plan: null });
    return;
  }
  const plan = await planOf(doc).catch(() => null);
  if (activeTab().history.doc === doc) planning.setState({ doc, plan });
}

/** The plan, as long as it is of the graph as it stands. */
export function usePlan(): Plan | null {
  const { doc, plan } = useStore(planning);
  return useTab((tab) => (doc !== null && sameMeaning(doc, tab.history.doc) ? plan : null));
}

export function planText(plan: Plan): string {
  const { running, nodes, seconds, unknown } = plan;
  if (running === 0) return t("plan.none");
  const some = t("plan.some", { run: running, all: nodes.size });
  if (seconds === 0) return some;
  return t(unknown ? "plan.least" : "plan.about", { some, seconds: number(seconds, seconds < 10 ? 1 : 0) });
}
