/** The colours of the design system as the drawings need them: read from the page, once for each theme. */

import { useMemo } from "react";
import { useSettings } from "../app/settings";

export interface Colours {
  readonly node: string;
  readonly line: string;
  readonly text: string;
  readonly accent: string;
  readonly error: string;
  readonly ok: string;
  readonly heat: string;
  readonly frame: string;
  readonly note: string;
  readonly canvas: string;
  readonly quiet: string;
  of(type: string): string;
  /** The colour that a frame or node was given; null where there is none of that name. */
  mark(name: string | null): string | null;
}

/** The colours of the theme that is shown. */
export function useColours(): Colours {
  const chosen = useSettings(({ theme, contrast }) => `${theme} ${contrast}`);
  const { theme } = document.documentElement.dataset;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a theme is read anew when it changes
  return useMemo(() => coloursOf(document.body), [chosen, theme]);
}

function coloursOf(element: Element): Colours {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  const known = new Map<string, string>();
  return {
    node: read("--node"),
    line: read("--line-strong"),
    text: read("--text-2"),
    accent: read("--accent"),
    error: read("--error"),
    ok: read("--ok"),
    heat: read("--heat"),
    frame: read("--frame"),
    note: read("--tokens"),
    canvas: read("--canvas"),
    quiet: read("--raised"),
    mark: (name) => (name === null ? null : style.getPropertyValue(`--mark-${name}`).trim() || null),
    of(type) {
      const colour = known.get(type) ?? probe(element, type);
      known.set(type, colour);
      return colour;
    },
  };
}

/** The colour of a type class, as a stylesheet gives it. */
function probe(element: Element, type: string): string {
  const swatch = document.createElement("span");
  swatch.className = type;
  element.append(swatch);
  const colour = getComputedStyle(swatch).getPropertyValue("--type").trim();
  swatch.remove();
  return colour || "gray";
}
