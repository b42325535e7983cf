/** What the pointer does on the canvas: choose, move, wire, drop. */

import type { EdgeChange, NodeChange } from "@xyflow/react";
import { choose, view } from "../app/view";
import { dragTo, onNodeDragStart, onNodeDragStop } from "./dragging";
import type { Shown, ShownWire } from "./toFlow";
import * as wires from "./wireGestures";

/** The same functions for ever, so that React Flow draws nothing anew. */
export const GESTURES = {
  onNodesChange,
  onEdgesChange,
  onNodeDragStart,
  onNodeDragStop,
  ...wires,
};

function onNodesChange(changes: NodeChange<Shown>[]): void {
  const picked = new Set(view.getState().chosen);
  for (const change of changes) {
    if (change.type !== "select") continue;
    if (change.selected) picked.add(change.id);
    else picked.delete(change.id);
  }
  if (changes.some((change) => change.type === "select")) view.setState({ chosen: picked });
  if (changes.some((change) => change.type === "position" && change.position)) dragTo(changes);
}

function onEdgesChange(changes: EdgeChange<ShownWire>[]): void {
  const picked = new Set(view.getState().chosenWires);
  for (const change of changes) {
    if (change.type !== "select") continue;
    if (change.selected) picked.add(change.id);
    else picked.delete(change.id);
  }
  view.setState({ chosenWires: picked });
}

export function clearChoice(): void {
  choose([]);
  view.setState({ asking: null, wiring: null });
}
