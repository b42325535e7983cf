/** Keep the open graphs and the runs that they show, so that a reload or a crash loses nothing. */

import type { Remote } from "../api/documents";
import { type Desk, desk, type Tab, tabOf } from "../app/desk";
import { compact } from "../graph/canonical";
import { isList, isObject, type Json } from "../graph/json";
import { parseJson } from "../graph/parse";
import { readDocument } from "../graph/read";
import { writeDocument } from "../graph/write";
import { read, write } from "./vault";

const NAME = "desk";
const AFTER_MS = 1000;

/** The desk as it was left; null where there is none, or it cannot be read. */
export async function recover(): Promise<Desk | null> {
  try {
    const text = await read(NAME);
    return text === null ? null : readDesk(parseJson(text));
  } catch {
    return null;
  }
}

/** Write the desk a second after it changed, and when the page is left. */
export function keepDesk(): void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const save = () => {
    timer = null;
    void write(NAME, compact(deskJson(desk.getState())));
  };
  desk.subscribe(() => {
    timer ??= setTimeout(save, AFTER_MS);
  });
  addEventListener("visibilitychange", () => {
    if (document.hidden && timer !== null) save();
  });
}

function deskJson({ tabs, active }: Desk): Json {
  return {
    active: tabs.findIndex((tab) => tab.id === active),
    tabs: tabs.map(({ history, saved, run, remote, foreign, locked }) => ({
      document: writeDocument(history.doc),
      changed: history.doc !== saved,
      run,
      foreign,
      locked,
      remote: remote && { id: remote.id, revision: remote.revision },
    })),
  };
}

function readDesk(json: Json): Desk | null {
  if (!isObject(json) || !isList(json.tabs) || typeof json.active !== "number") return null;
  const tabs = json.tabs.flatMap((tab): Tab[] =>
    isObject(tab) && tab.document !== undefined ? [readTab(tab, tab.document)] : [],
  );
  const active = tabs[json.active] ?? tabs[0];
  return active ? { tabs, active: active.id } : null;
}

function readTab(raw: { readonly [key: string]: Json }, document: Json): Tab {
  const tab = tabOf(readDocument(document));
  const run = typeof raw.run === "string" ? raw.run : null;
  return {
    ...tab,
    run,
    foreign: typeof raw.foreign === "string" ? raw.foreign : null,
    locked: raw.locked === true,
    remote: readRemote(raw.remote),
    saved: raw.changed === true ? { ...tab.saved } : tab.saved,
  };
}

function readRemote(raw: Json | undefined): Remote | null {
  if (!isObject(raw) || typeof raw.id !== "string" || typeof raw.revision !== "number") return null;
  return { id: raw.id, revision: raw.revision };
}
