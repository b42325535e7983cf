/** Begin: the session, the catalog, the first graph. */

import type { Backend } from "../api/backend";
import { openSession, SERVER } from "../api/server";
import { keepDesk, recover } from "../persist/recovery";
import { activeTab, desk } from "./desk";
import { goOnline, reattach } from "./following";
import { keepHeat } from "./heat";
import { knowledge, learn } from "./knowledge";
import { keepLive } from "./liveMode";
import { openPlaced } from "./opening";
import { keepPlanned } from "./planning";
import { receiveLink } from "./receiving";
import { keepSaved } from "./saving";
import { keepStage } from "./stage";
import { keepTitle } from "./title";
import { keepForeign } from "./trust";

export type Started = "ready" | "token";

/** The graph that an empty desk opens with: it runs as it is. */
const FIRST = "text-to-image";

export async function start(): Promise<Started> {
  const offline = await developing();
  const { token, graph } = takeAddress();
  if (offline === null && !(await openSession(token))) return "token";
  await learn(offline ?? SERVER);
  keepStage();
  if (offline === null) await resume();
  else {
    await openFirst();
    await offline.play?.();
  }
  listenToAddress();
  if (graph !== null) await receiveLink(graph);
  return "ready";
}

/** Go on where the page was left, or with the first graph. */
async function resume(): Promise<void> {
  const left = await recover();
  if (left) desk.setState(left);
  else await openFirst();
  keepDesk();
  keepSaved();
  goOnline();
  reattach();
  keepPlanned();
  keepLive();
  keepHeat();
  keepForeign();
  keepTitle();
}

/** The token and the graph of the address (`#token=...&graph=...`); both leave it at once. */
function takeAddress(): { readonly token: string | null; readonly graph: string | null } {
  const given = new URLSearchParams(location.hash.slice(1));
  const [token, graph] = [given.get("token"), given.get("graph")];
  if (token !== null || graph !== null) history.replaceState(null, "", location.pathname + location.search);
  return { token, graph };
}

/** A link with a graph that is opened in this very page. */
function listenToAddress(): void {
  addEventListener("hashchange", () => {
    const { graph } = takeAddress();
    if (graph !== null) void receiveLink(graph);
  });
}

async function openFirst(): Promise<void> {
  const doc = knowledge.getState().know.library[FIRST];
  if (doc && Object.keys(activeTab().history.doc.nodes).length === 0) await openPlaced(doc);
}

type Offline = Backend & { readonly play?: () => Promise<void> };

/** `?offline` in development: files instead of a server; built code has none of it. */
async function developing(): Promise<Offline | null> {
  if (!import.meta.env.DEV || !new URLSearchParams(location.search).has("offline")) return null;
  const { OFFLINE } = await import("../../dev/offline");
  return OFFLINE;
}
