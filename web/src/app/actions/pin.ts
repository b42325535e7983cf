/** Pin what is chosen to what it gave, or let it run again. */

import { type NoPin, type Pin, pinOf, setPins } from "../../graph/pin";
import { activeTab, edit, level } from "../desk";
import { runs } from "../following";
import { t } from "../i18n";
import { knowledge } from "../knowledge";
import { prefix, scene } from "../stage";
import { say, view } from "../view";

export function pinChosen(): void {
  pin([...view.getState().chosen]);
}

/** Pin nodes, or unpin them where all of them are pinned; what cannot be pinned is said. */
export function pin(ids: readonly string[]): void {
  const { nodes } = level();
  const known = ids.filter((id) => nodes[id] !== undefined);
  if (known.length === 0) return;
  if (known.every((id) => nodes[id]?.pin)) {
    edit({ id: "unpin" }, (doc) => setPins(doc, Object.fromEntries(known.map((id) => [id, null]))));
    say(t("pin.off"));
    return;
  }
  const pins: Record<string, Pin> = {};
  for (const id of known.filter((one) => !nodes[one]?.pin)) {
    const found = pinOf(knowledge.getState().know, level(), id, gave(id));
    if (typeof found === "string") refuse(id, found);
    else pins[id] = found;
  }
  if (Object.keys(pins).length === 0) return;
  edit({ id: "pin" }, (doc) => setPins(doc, pins));
  say(t("pin.on"));
}

/** What a node gave in the run that is shown. */
function gave(id: string): Pin | null {
  const { run } = activeTab();
  if (run === null) return null;
  const { status, outputs } = runs.node(run, prefix() + id).state;
  return status === "done" || status === "cached" ? (outputs ?? null) : null;
}

function refuse(id: string, why: NoPin): void {
  say(t(`pin.${why}`, { node: scene().nodes.get(id)?.title ?? id }), "error");
}
