/** The open graphs: each with its history, and the level that is looked at. */

import { createStore } from "zustand";
import { useStore } from "zustand/react";
import type { Remote } from "../api/documents";
import { type Doc, EMPTY } from "../graph/document";
import { pruned } from "../graph/edit/routes";
import { type Action, begin, type History, record, redo, undo } from "../graph/history";
import { levelAt, type Path, withLevel } from "../graph/level";
import { t } from "./i18n";
import { knowledge } from "./knowledge";
import { say } from "./view";

export interface Tab {
  readonly id: string;
  readonly history: History;
  readonly path: Path;
  /** The document as it was last saved or opened. */
  readonly saved: Doc;
  /** Where it is saved on the server; null for what was never saved there. */
  readonly remote: Remote | null;
  /** The run that the canvas shows. */
  readonly run: string | null;
  /** Where a graph from elsewhere came from, until the person trusts it; null for one's own. */
  readonly foreign: string | null;
  /** It can be looked at and run, and not changed. */
  readonly locked: boolean;
}

export interface Desk {
  readonly tabs: readonly Tab[];
  readonly active: string;
}

const first = newTab("tab1", EMPTY);

export const desk = createStore<Desk>(() => ({ tabs: [first], active: first.id }));

let made = 1;

export function activeTab(state: Desk = desk.getState()): Tab {
  return state.tabs.find((tab) => tab.id === state.active) ?? state.tabs[0] ?? first;
}

/** The graph that is looked at: the document, or a subgraph in it. */
export function levelOf(tab: Tab): Doc {
  return levelAt(knowledge.getState().know, tab.history.doc, tab.path) ?? tab.history.doc;
}

export function level(): Doc {
  return levelOf(activeTab());
}

export function useTab<V>(select: (tab: Tab) => V): V {
  return useStore(desk, (state) => select(activeTab(state)));
}

export function useLevel<V>(select: (doc: Doc) => V): V {
  return useStore(desk, (state) => select(levelOf(activeTab(state))));
}

/** Do one named edit of the level that is looked at; edits of the same `merge` in a row are one step. */
export function edit(action: Action, change: (doc: Doc) => Doc, merge: string | null = null): void {
  const { know } = knowledge.getState();
  if (refusedByLock()) return;
  setTab((tab) => {
    const after = withLevel(know, tab.history.doc, tab.path, pruned(change(levelOf(tab))));
    return { ...tab, history: record(tab.history, after, action, merge, performance.now()) };
  });
}

/** Put another document in the place of the whole one; a step like any other. */
export function replaceDocument(doc: Doc): void {
  editWhole({ id: "open" }, () => doc);
}

/** Do one named edit of the whole document. */
export function editWhole(action: Action, change: (doc: Doc) => Doc, merge: string | null = null): void {
  if (refusedByLock()) return;
  setTab((tab) =>
    reachable({
      ...tab,
      history: record(tab.history, change(tab.history.doc), action, merge, performance.now()),
    }),
  );
}

export function stepBack(): void {
  if (refusedByLock()) return;
  setTab((tab) => reachable({ ...tab, history: undo(tab.history) }));
}

export function stepForward(): void {
  if (refusedByLock()) return;
  setTab((tab) => reachable({ ...tab, history: redo(tab.history) }));
}

/** Whether the graph is locked; then it is said, with a way to unlock it. */
function refusedByLock(): boolean {
  if (!activeTab().locked) return false;
  say(t("lock.refused"), "error", { label: t("lock.unlock"), run: () => setLocked(false) });
  return true;
}

export function setLocked(locked: boolean): void {
  setTab((tab) => ({ ...tab, locked }));
}

/** From now on the graph is one's own. */
export function trustTab(): void {
  setTab((tab) => ({ ...tab, foreign: null }));
}

export function markForeign(from: string): void {
  setTab((tab) => ({ ...tab, foreign: from }));
}

/** A tab with a graph, not on the desk yet. */
export function tabOf(doc: Doc): Tab {
  made += 1;
  return newTab(`tab${made}`, doc);
}

interface Opening {
  readonly remote?: Remote;
  /** It differs from what is saved, so it will be. */
  readonly changed?: boolean;
  readonly run?: string | null;
  readonly foreign?: string | null;
}

export function openTab(
  doc: Doc,
  { remote, changed = false, run = null, foreign = null }: Opening = {},
): void {
  const made = tabOf(doc);
  const saved = changed ? { ...doc } : made.saved;
  const tab = { ...made, run, remote: remote ?? null, foreign, saved };
  desk.setState(({ tabs }) => ({ tabs: [...tabs, tab], active: tab.id }));
}

/** Open a graph in the tab that is looked at if that is empty, else in a new one. */
export function openDocument(doc: Doc): void {
  const now = activeTab();
  if (now.history.doc === EMPTY) setTab((tab) => ({ ...newTab(tab.id, doc), run: null }));
  else openTab(doc);
}

export function closeTab(id: string): void {
  desk.setState(({ tabs, active }) => {
    const at = tabs.findIndex((tab) => tab.id === id);
    const left = tabs.filter((tab) => tab.id !== id);
    if (left.length === 0) return { tabs: [newTab(id, EMPTY)], active: id };
    return { tabs: left, active: active === id ? (left[Math.max(0, at - 1)]?.id ?? "") : active };
  });
}

export function showTab(id: string): void {
  desk.setState({ active: id });
}

export function enter(id: string): void {
  setTab((tab) => reachable({ ...tab, path: [...tab.path, id] }));
}

export function leaveTo(depth: number): void {
  setTab((tab) => ({ ...tab, path: tab.path.slice(0, depth) }));
}

/** Look at the graph at a path of subgraphs. */
export function showLevel(path: Path): void {
  setTab((tab) => reachable({ ...tab, path }));
}

export function showRun(run: string | null): void {
  setTab((tab) => ({ ...tab, run }));
}

/** A run that the server no longer knows is shown by no tab. */
export function forgetRun(run: string): void {
  desk.setState(({ tabs }) => ({ tabs: tabs.map((tab) => (tab.run === run ? { ...tab, run: null } : tab)) }));
}

interface Patch {
  readonly remote?: Remote | null;
  readonly saved?: Doc;
  /** Another document; the change can be undone. */
  readonly replace?: Doc;
}

export function patchTab(id: string, { remote, saved, replace }: Patch): void {
  const patched = (tab: Tab): Tab => ({
    ...tab,
    remote: remote === undefined ? tab.remote : remote,
    history: replace ? record(tab.history, replace, { id: "open" }, null, performance.now()) : tab.history,
    saved: saved ?? tab.saved,
  });
  const whole = (tab: Tab): Tab =>
    replace ? { ...patched(tab), saved: patched(tab).history.doc } : patched(tab);
  desk.setState(({ tabs }) => ({ tabs: tabs.map((tab) => (tab.id === id ? whole(tab) : tab)) }));
}

/** Go so many steps back, or forth where the number is negative. */
export function stepBy(steps: number): void {
  if (refusedByLock()) return;
  setTab((tab) => {
    let { history } = tab;
    for (let at = 0; at < steps; at += 1) history = undo(history);
    for (let at = 0; at > steps; at -= 1) history = redo(history);
    return reachable({ ...tab, history });
  });
}

export function isChanged(tab: Tab): boolean {
  return tab.history.doc !== tab.saved;
}

function setTab(change: (tab: Tab) => Tab): void {
  desk.setState((state) => ({
    tabs: state.tabs.map((tab) => (tab.id === activeTab(state).id ? change(tab) : tab)),
  }));
}

/** Leave levels that are gone, after an undo. */
function reachable(tab: Tab): Tab {
  const { know } = knowledge.getState();
  let { path } = tab;
  while (path.length > 0 && levelAt(know, tab.history.doc, path) === null) path = path.slice(0, -1);
  return path === tab.path ? tab : { ...tab, path };
}

function newTab(id: string, doc: Doc): Tab {
  return {
    id,
    history: begin(doc),
    path: [],
    saved: doc,
    remote: null,
    run: null,
    foreign: null,
    locked: false,
  };
}
