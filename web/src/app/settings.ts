/** What a person chose about the interface; kept in the browser. */

import { create } from "zustand";
import { persist } from "zustand/middleware";
import type { SeedControl } from "../graph/batch";
import { WIRE_STYLES, type WireStyle } from "../graph/layout/route";
import type { Measure } from "../live/heat";

export type Theme = "system" | "dark" | "light";
export type LeftPanel = "nodes" | "graphs" | "outline" | "steps" | "pictures";
export type RightPanel = "inspector" | "queue" | "history";

export type ShownWires = "all" | "chosen" | "none";

export interface Settings {
  readonly theme: Theme;
  /** Lines and letters as clear as they can be, in the dark and in the light theme. */
  readonly contrast: boolean;
  /** The size of the interface; 1 is the usual one. */
  readonly scale: number;
  /** The keys of commands that a person chose instead of the usual ones. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  readonly leftWidth: number;
  readonly rightWidth: number;
  readonly left: LeftPanel | null;
  readonly right: RightPanel | null;
  readonly snap: boolean;
  /** Which wires are drawn: all, those of chosen nodes, or none. */
  readonly shownWires: ShownWires;
  readonly wireStyle: WireStyle;
  /** Every change runs by itself. */
  readonly live: boolean;
  /** The form instead of the graph. */
  readonly form: boolean;
  readonly pointer: "mouse" | "trackpad";
  readonly recent: readonly string[];
  /** How many runs a press of Run begins, and what their seeds are. */
  readonly count: number;
  readonly seeds: SeedControl;
  /** Whether nodes are coloured by what they cost. */
  readonly heat: "off" | Measure;
  /** Saved graphs that came from elsewhere and are not trusted yet. */
  readonly foreign: readonly string[];
}

/** On a narrow page the form is what can be used. */
const NARROW = 760;

export const LEFT_WIDTH = 224;
export const RIGHT_WIDTH = 300;

export const useSettings = create<Settings>()(
  persist(
    (): Settings => ({
      theme: "system",
      contrast: false,
      scale: 1,
      keys: {},
      leftWidth: LEFT_WIDTH,
      rightWidth: RIGHT_WIDTH,
      left: "nodes",
      right: "inspector",
      snap: true,
      shownWires: "all",
      wireStyle: "curved",
      live: false,
      form: innerWidth < NARROW,
      pointer: "mouse",
      recent: [],
      count: 1,
      seeds: "fixed",
      heat: "off",
      foreign: [],
    }),
    { name: "promptograph.settings", version: 1 },
  ),
);

const RECENT = 8;
const NEXT: Readonly<Record<Theme, Theme>> = { system: "dark", dark: "light", light: "system" };

export function nextTheme(): void {
  useSettings.setState(({ theme }) => ({ theme: NEXT[theme] }));
}

export function nextWireStyle(): void {
  useSettings.setState(({ wireStyle }) => ({ wireStyle: next(WIRE_STYLES, wireStyle) }));
}

export function nextShownWires(): void {
  useSettings.setState(({ shownWires }) => ({ shownWires: next(["all", "chosen", "none"], shownWires) }));
}

function next<V>(of: readonly V[], now: V): V {
  return of[(of.indexOf(now) + 1) % of.length] ?? now;
}

export function remember(type: string): void {
  useSettings.setState(({ recent }) => ({
    recent: [type, ...recent.filter((other) => other !== type)].slice(0, RECENT),
  }));
}

/** Keep the page's colours as chosen; the system's are followed while it is open. */
export function applyTheme(): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const clear = matchMedia("(prefers-contrast: more)");
  const apply = () => {
    const { theme, contrast } = useSettings.getState();
    const { dataset } = document.documentElement;
    dataset.theme = theme === "system" ? (dark.matches ? "dark" : "light") : theme;
    dataset.contrast = contrast || clear.matches ? "more" : "usual";
  };
  dark.addEventListener("change", apply);
  clear.addEventListener("change", apply);
  useSettings.subscribe(apply);
  apply();
}
