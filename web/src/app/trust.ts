/** Graphs from elsewhere: they open and can be run, and live mode leaves them alone until the person trusts them.
 *
 * Guarantees
 * 1. A graph from elsewhere never runs by itself.
 * 2. It stays foreign when it is saved, closed and opened again, until it is trusted.
 */

import { activeTab, desk, type Tab, trustTab } from "./desk";
import { useSettings } from "./settings";

/** Keep in mind which saved graphs came from elsewhere. */
export function keepForeign(): void {
  desk.subscribe(({ tabs }) => {
    const { foreign } = useSettings.getState();
    const found = tabs.flatMap((tab) => (isNews(tab, foreign) ? [tab.remote?.id ?? ""] : []));
    if (found.length > 0) useSettings.setState({ foreign: [...foreign, ...found] });
  });
}

export function trust(): void {
  const id = activeTab().remote?.id;
  trustTab();
  useSettings.setState(({ foreign }) => ({ foreign: foreign.filter((other) => other !== id) }));
}

/** Where a saved graph came from, as far as it is known here. */
export function foreignSaved(id: string, name: string): string | null {
  return useSettings.getState().foreign.includes(id) ? name : null;
}

function isNews(tab: Tab, known: readonly string[]): boolean {
  return tab.foreign !== null && tab.remote !== null && !known.includes(tab.remote.id);
}
