/** Which wires are drawn, as the settings and the choice say. */

import type { ShownWires } from "../app/settings";
import type { SceneWire } from "./scene";

export function shownWires(
  wires: readonly SceneWire[],
  which: ShownWires,
  nodes: ReadonlySet<string>,
  chosen: ReadonlySet<string>,
): readonly SceneWire[] {
  if (which === "all") return wires;
  if (which === "none") return NONE;
  return wires.filter(({ id, edge }) => chosen.has(id) || nodes.has(edge.from) || nodes.has(edge.to));
}

const NONE: readonly SceneWire[] = [];
