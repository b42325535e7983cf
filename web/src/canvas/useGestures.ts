/** What the pointer does on the canvas: choose, move, wire, drop. */

import type {
  Connection,
  EdgeChange,
  FinalConnectionState,
  HandleType,
  NodeChange,
  OnConnectStartParams,
} from "@xyflow/react";
import { type MouseEvent as ReactMouseEvent, useMemo } from "react";
import { join, moveTo, pullOut, spliceInto } from "../app/actions/build";
import { camera } from "../app/camera";
import { level } from "../app/desk";
import { knowledge } from "../app/knowledge";
import { scene } from "../app/stage";
import { choose, view } from "../app/view";
import { mayConnect } from "../graph/compat";
import type { Point, Table } from "../graph/document";
import { inside } from "../graph/edit/marks";
import { boxes } from "./scene";
import { portOf, type Shown, type ShownWire } from "./toFlow";
import { needOf } from "./wiring";

export function useGestures() {
  return useMemo(
    () => ({
      onNodesChange,
      onEdgesChange,
      onConnectStart,
      onConnectEnd,
      onConnect,
      isValidConnection,
      onNodeDragStart,
      onNodeDragStop,
    }),
    [],
  );
}

/** Choices and places under way; nothing of it is an edit until the drop. */
function onNodesChange(changes: NodeChange<Shown>[]): void {
  const { chosen, drag } = view.getState();
  const picked = new Set(chosen);
  const places: Record<string, Point> = { ...drag };
  let moved = false;
  for (const change of changes) {
    if (change.type === "select") {
      if (change.selected) picked.add(change.id);
      else picked.delete(change.id);
    }
    if (change.type === "position" && change.position && drag) {
      Object.assign(places, carried(change.id, change.position));
      moved = true;
    }
  }
  if (changes.some((change) => change.type === "select")) view.setState({ chosen: picked });
  if (moved) view.setState({ drag: places });
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

/** With Alt, a node is pulled out of its wires, which join. */
function onNodeDragStart(event: MouseEvent | TouchEvent | ReactMouseEvent, node: Shown): void {
  if (event.altKey && node.type === "node") pullOut(node.id);
  view.setState({ drag: {} });
}

/** A single node that has no wires and is dropped on one goes into it. */
function onNodeDragStop(event: MouseEvent | TouchEvent | ReactMouseEvent): void {
  const { drag } = view.getState();
  view.setState({ drag: null });
  const ids = Object.keys(drag ?? {});
  if (!drag || ids.length === 0) return;
  moveTo(drag);
  const [id] = ids;
  const wire = ids.length === 1 ? wireAt(pointOf(event)) : null;
  if (id !== undefined && wire !== null) spliceInto(id, wire);
}

/** The wire below a point of the screen, under the node that is held over it. */
function wireAt({ x, y }: Point): string | null {
  const edges = document.elementsFromPoint(x, y).map((element) => element.closest(".react-flow__edge"));
  return edges.find((edge) => edge !== null)?.getAttribute("data-id") ?? null;
}

/** The new places of what moves: a frame takes its content along. */
function carried(id: string, place: Point): Table<Point> {
  const all = scene();
  const frame = all.frames[id];
  if (!frame) return { [id]: place };
  const by = { x: place.x - frame.x, y: place.y - frame.y };
  const content = boxes(all);
  const moved = inside(frame, content)
    .filter((other) => other !== id)
    .map((other): [string, Point] => [
      other,
      { x: (content[other]?.x ?? 0) + by.x, y: (content[other]?.y ?? 0) + by.y },
    ]);
  return { ...Object.fromEntries(moved), [id]: place };
}

function onConnectStart(
  _: MouseEvent | TouchEvent,
  { nodeId, handleId, handleType }: OnConnectStartParams,
): void {
  if (nodeId === null) return;
  view.setState({ wiring: { from: { node: nodeId, port: portOf(handleId) }, side: sideOf(handleType) } });
}

/** Ended over nothing: ask which node comes there. Ended where it does not fit: say why. */
function onConnectEnd(event: MouseEvent | TouchEvent, state: FinalConnectionState): void {
  const { wiring } = view.getState();
  view.setState({ wiring: null });
  if (!wiring || state.isValid) return;
  const { toHandle } = state;
  if (toHandle) {
    const end = { node: toHandle.nodeId, port: portOf(toHandle.id) };
    if (sideOf(toHandle.type) === wiring.side) return;
    if (wiring.side === "output") join(wiring.from, end);
    else join(end, wiring.from);
  } else if (!state.toNode) {
    const screen = pointOf(event);
    const at = camera()?.toGraph(screen) ?? screen;
    view.setState({
      asking: { at, screen, wiring, need: needOf(knowledge.getState().know, level(), wiring) },
    });
  }
}

function onConnect({ source, sourceHandle, target, targetHandle }: Connection): void {
  join({ node: source, port: portOf(sourceHandle) }, { node: target, port: portOf(targetHandle) });
}

function isValidConnection(wire: Connection | ShownWire): boolean {
  const from = { node: wire.source, port: portOf(wire.sourceHandle) };
  return mayConnect(knowledge.getState().know, level(), from, {
    node: wire.target,
    port: portOf(wire.targetHandle),
  }).ok;
}

function sideOf(type: HandleType | null): "input" | "output" {
  return type === "target" ? "input" : "output";
}

function pointOf(event: MouseEvent | TouchEvent | ReactMouseEvent): Point {
  const at = "changedTouches" in event ? event.changedTouches[0] : event;
  return { x: at?.clientX ?? 0, y: at?.clientY ?? 0 };
}

export function clearChoice(): void {
  choose([]);
  view.setState({ asking: null });
}
