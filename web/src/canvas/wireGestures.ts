/** What the pointer does with wires: begin, end, plug elsewhere, put points on. */

import type { Connection, FinalConnectionState, HandleType, OnConnectStartParams } from "@xyflow/react";
import type { MouseEvent as ReactMouseEvent } from "react";
import { join, joinNode } from "../app/actions/build";
import { addPointAt, followName, replug, replugInto, unplug } from "../app/actions/route";
import { camera } from "../app/camera";
import { level } from "../app/desk";
import { knowledge } from "../app/knowledge";
import { view } from "../app/view";
import { mayConnect, type PortAt } from "../graph/compat";
import type { Point } from "../graph/document";
import { nodeAt } from "./nodeAt";
import { portOf, type ShownWire } from "./toFlow";
import { needOf } from "./wiring";

export function onConnectStart(
  _: MouseEvent | TouchEvent,
  { nodeId, handleId, handleType }: OnConnectStartParams,
): void {
  if (nodeId === null) return;
  view.setState({ wiring: { from: { node: nodeId, port: portOf(handleId) }, side: sideOf(handleType) } });
}

/** Ended over nothing: ask which node comes there. Over a node: take its best socket. Where it does not fit: say why. */
export function onConnectEnd(event: MouseEvent | TouchEvent, state: FinalConnectionState): void {
  const { wiring, replugging } = view.getState();
  view.setState({ wiring: null });
  if (!wiring || state.isValid || replugging !== null) return;
  const { toHandle, toNode } = state;
  if (toHandle) {
    const end = { node: toHandle.nodeId, port: portOf(toHandle.id) };
    if (sideOf(toHandle.type) === wiring.side) return;
    if (wiring.side === "output") join(wiring.from, end);
    else join(end, wiring.from);
    return;
  }
  const screen = screenPoint(event);
  const node = toNode?.id ?? nodeAt(screen);
  if (node !== null) {
    if (node !== wiring.from.node) joinNode(wiring, node);
    return;
  }
  const at = camera()?.toGraph(screen) ?? screen;
  view.setState({
    asking: { at, screen, wiring, need: needOf(knowledge.getState().know, level(), wiring) },
  });
}

export function onConnect(wire: Connection): void {
  const { from, to } = endsOf(wire);
  join(from, to);
}

export function isValidConnection(wire: Connection | ShownWire): boolean {
  const { from, to } = endsOf(wire);
  return mayConnect(knowledge.getState().know, level(), from, to).ok;
}

export function onReconnectStart(_: unknown, wire: ShownWire): void {
  view.setState({ replugging: wire.id });
}

export function onReconnect(old: ShownWire, wire: Connection): void {
  const { from, to } = endsOf(wire);
  replug(old.id, from, to);
}

/** An end that is dropped on a node takes its best socket, on nothing it comes off. `fixed` is the other end. */
export function onReconnectEnd(
  event: MouseEvent | TouchEvent,
  wire: ShownWire,
  fixed: HandleType,
  state: FinalConnectionState,
): void {
  view.setState({ replugging: null, wiring: null });
  if (state.isValid || state.toHandle) return;
  const node = nodeAt(screenPoint(event));
  if (node === null) unplug(wire.id);
  else replugInto(wire.id, node, fixed === "source" ? "input" : "output");
}

/** A point where the wire is clicked twice; on a name, its other end is shown. */
export function onEdgeDoubleClick(event: ReactMouseEvent, wire: ShownWire): void {
  const at = camera()?.toGraph({ x: event.clientX, y: event.clientY });
  if (!at) return;
  if (wire.data?.named || wire.data?.wire.look.name != null) followName(wire.id, at);
  else addPointAt(wire.id, at);
}

function endsOf(wire: Connection | ShownWire): { readonly from: PortAt; readonly to: PortAt } {
  return {
    from: { node: wire.source, port: portOf(wire.sourceHandle) },
    to: { node: wire.target, port: portOf(wire.targetHandle) },
  };
}

function sideOf(type: HandleType | null): "input" | "output" {
  return type === "target" ? "input" : "output";
}

function screenPoint(event: MouseEvent | TouchEvent): Point {
  const at = "changedTouches" in event ? event.changedTouches[0] : event;
  return { x: at?.clientX ?? 0, y: at?.clientY ?? 0 };
}
