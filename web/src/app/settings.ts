/** What a person chose about the interface; kept in the browser. */

import { create } from "zustand";
import { persist } from "zustand/middleware";

export type Theme = "system" | "dark" | "light";
export type LeftPanel = "nodes" | "graphs" | "outline" | "steps" | "pictures";
export type RightPanel = "inspector" | "queue" | "history";

export interface Settings {
  readonly theme: Theme;
  readonly left: LeftPanel | null;
  readonly right: RightPanel | null;
  readonly snap: boolean;
  readonly wires: boolean;
  /** Every change runs by itself. */
  readonly live: boolean;
  /** The form instead of the graph. */
  readonly form: boolean;
  readonly pointer: "mouse" | "trackpad";
  readonly recent: readonly string[];
  /** Saved graphs that came from elsewhere and are not trusted yet. */
  readonly foreign: readonly string[];
}

/** On a narrow page the form is what can be used. */
const NARROW = 760;

export const useSettings = create<Settings>()(
  persist(
    (): Settings => ({
      theme: "system",
      left: "nodes",
      right: "inspector",
      snap: true,
      wires: true,
      live: false,
      form: innerWidth < NARROW,
      pointer: "mouse",
      recent: [],
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

export function remember(type: string): void {
  useSettings.setState(({ recent }) => ({
    recent: [type, ...recent.filter((other) => other !== type)].slice(0, RECENT),
  }));
}

/** Keep the page's colours as chosen; the system's are followed while it is open. */
export function applyTheme(): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const { theme } = useSettings.getState();
    document.documentElement.dataset.theme = theme === "system" ? (dark.matches ? "dark" : "light") : theme;
  };
  dark.addEventListener("change", apply);
  useSettings.subscribe(apply);
  apply();
}
