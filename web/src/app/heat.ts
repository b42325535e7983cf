/** Heat: how much each node of the run that is shown has cost, kept apart from the document and told per node. */

import { createStore } from "zustand";
import { useStore } from "zustand/react";
import { type Cost, costsOf, sharesOf } from "../live/heat";
import { activeTab, desk } from "./desk";
import { runs } from "./following";
import { useSettings } from "./settings";
import { prefix } from "./stage";

export interface Heats {
  readonly costs: readonly Cost[];
  readonly shares: ReadonlyMap<string, number>;
}

const COLD: Heats = { costs: [], shares: new Map() };

export const heats = createStore<Heats>(() => COLD);

/** Keep the figures of the run that is shown. */
export function keepHeat(): void {
  let shown: string | null = null;
  let leave = () => {};
  const look = () => {
    const { heat } = useSettings.getState();
    const costs = shown === null ? [] : costsOf(runs.known(shown));
    heats.setState({ costs, shares: heat === "off" ? COLD.shares : sharesOf(costs, heat) });
  };
  const turn = () => {
    const { run } = activeTab();
    if (run === shown) return;
    leave();
    shown = run;
    leave = run === null ? () => {} : runs.subscribe(run, null, look);
    look();
  };
  desk.subscribe(turn);
  useSettings.subscribe((now, before) => now.heat !== before.heat && look());
  turn();
}

export function useHeats<V>(select: (heats: Heats) => V): V {
  return useStore(heats, select);
}

/** The share of a node of the level, from 0 to 1; null where heat is off or nothing was measured. */
export function useHeat(id: string): number | null {
  return useHeats(({ shares }) => shares.get(prefix() + id) ?? null);
}

/** Seconds, then memory, then none. */
export function nextHeat(): void {
  useSettings.setState(({ heat }) => ({
    heat: heat === "off" ? "seconds" : heat === "seconds" ? "memory" : "off",
  }));
}
