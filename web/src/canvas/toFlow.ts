/** The scene as React Flow wants it: sizes and handles given, the same objects where nothing changed. */

import { type Edge as FlowEdge, type Node as FlowNode, type NodeHandle, Position } from "@xyflow/react";
import { t } from "../app/i18n";
import type { Frame, Note, Point, Table } from "../graph/document";
import { POINT, pointId } from "../graph/edit/routes";
import { type Handle, SOCKET } from "../graph/layout/metrics";
import { linkText, portLink } from "../graph/link";
import type { Scene, SceneNode, ScenePoint, SceneWire } from "./scene";

export type GraphNode = FlowNode<{ readonly node: SceneNode }, "node">;
export type FrameNode = FlowNode<{ readonly frame: Frame }, "frame">;
export type NoteNode = FlowNode<{ readonly note: Note }, "note">;
export type PointNode = FlowNode<{ readonly point: ScenePoint }, "point">;
export type Shown = GraphNode | FrameNode | NoteNode | PointNode;
export type ShownWire = FlowEdge<WireData, "wire">;

interface WireData extends Record<string, unknown> {
  readonly wire: SceneWire;
  /** Where it runs through, while they are dragged too. */
  readonly points: readonly Point[];
  /** Only its name is drawn, at both ends. */
  readonly named: boolean;
}

/** Handle ids say their side, so that an input and an output may share a name. */
export function handleId(side: "input" | "output", port: string): string {
  return `${side}:${port}`;
}

export function portOf(handle: string | null | undefined): string {
  return handle?.slice(handle.indexOf(":") + 1) ?? "";
}

interface Kept {
  readonly part: unknown;
  readonly place: Point;
  readonly chosen: boolean;
  readonly made: Shown;
}

interface KeptWire extends WireData {
  readonly chosen: boolean;
  readonly made: ShownWire;
}

/** What is picked and dragged, as far as wires show it. */
export interface Picked {
  readonly nodes: ReadonlySet<string>;
  readonly wires: ReadonlySet<string>;
  readonly drag: Table<Point> | null;
}

/** Keeps what it made, to give the same object for the same part. */
export class FlowMaker {
  private nodes = new Map<string, Kept>();
  private wires = new Map<string, KeptWire>();

  nodesOf(scene: Scene, chosen: ReadonlySet<string>, drag: Table<Point> | null): Shown[] {
    const last = this.nodes;
    this.nodes = new Map();
    const keep = (
      id: string,
      part: unknown,
      at: Point,
      make: (place: Point, chosen: boolean) => Shown,
    ): Shown => {
      const place = drag?.[id] ?? at;
      const isChosen = chosen.has(id);
      const known = last.get(id);
      const kept =
        known &&
        known.part === part &&
        known.chosen === isChosen &&
        known.place.x === place.x &&
        known.place.y === place.y
          ? known
          : { part, place: { x: place.x, y: place.y }, chosen: isChosen, made: make(place, isChosen) };
      this.nodes.set(id, kept);
      return kept.made;
    };
    const frames = Object.entries(scene.frames).map(([id, frame]) =>
      keep(id, frame, frame, (place, on) => flowFrame(id, frame, place, on)),
    );
    const notes = Object.entries(scene.notes).map(([id, note]) =>
      keep(id, note, note, (place, on) => flowNote(id, note, place, on)),
    );
    const nodes = [...scene.nodes.values()].map((node) =>
      keep(node.id, node, node.box, (place, on) => flowNode(node, place, on)),
    );
    const points = Object.entries(scene.points).map(([id, point]) =>
      keep(id, point, point, (place, on) => flowPoint(id, point, place, on)),
    );
    return [...frames, ...notes, ...nodes, ...points];
  }

  wiresOf(wires: readonly SceneWire[], picked: Picked): ShownWire[] {
    const last = this.wires;
    this.wires = new Map();
    return wires.map((wire) => {
      const chosen = picked.wires.has(wire.id);
      const points = dragged(wire, picked.drag);
      const named = wire.look.name !== null && !chosen && !isAtEnd(wire, picked.nodes);
      const known = last.get(wire.id);
      const same =
        known?.wire === wire && known.chosen === chosen && known.points === points && known.named === named;
      const kept = same
        ? known
        : { wire, points, named, chosen, made: flowWire(wire, points, named, chosen) };
      this.wires.set(wire.id, kept);
      return kept.made;
    });
  }
}

function isAtEnd({ edge }: SceneWire, nodes: ReadonlySet<string>): boolean {
  return nodes.has(edge.from) || nodes.has(edge.to);
}

function dragged({ key, look }: SceneWire, drag: Table<Point> | null): readonly Point[] {
  if (drag === null || look.points.every((_, index) => !drag[pointId(key, index)])) return look.points;
  return look.points.map((point, index) => {
    const place = drag[pointId(key, index)];
    return place ? { x: place.x + POINT / 2, y: place.y + POINT / 2 } : point;
  });
}

function flowPoint(id: string, point: ScenePoint, position: Point, selected: boolean): PointNode {
  const { width, height } = point;
  return {
    id,
    type: "point",
    position,
    selected,
    width,
    height,
    measured: { width, height },
    data: { point },
    handles: [],
  };
}

function flowNode(node: SceneNode, position: Point, selected: boolean): GraphNode {
  const { width, height } = node.box;
  return {
    id: node.id,
    type: "node",
    position,
    selected,
    width,
    height,
    measured: { width, height },
    ariaLabel: t("node.label", { title: node.title, state: about(node) }),
    data: { node },
    handles: node.layout.handles.map(flowHandle),
  };
}

/** What a screen reader says of a node beside its title; what a run says stands in the node itself. */
function about({ node, spec, fault, missing }: SceneNode): string {
  if (fault !== null) return t("state.failed");
  if (!spec.known) return t("state.unknown");
  if (node.pin !== null) return `${spec.title}, ${t("state.pinned")}`;
  return missing.length > 0 ? t("state.incomplete") : spec.title;
}

function flowHandle(handle: Handle): NodeHandle {
  return {
    id: handleId(handle.side, handle.id),
    type: handle.side === "input" ? "target" : "source",
    position: handle.side === "input" ? Position.Left : Position.Right,
    x: handle.x - SOCKET / 2,
    y: handle.y - SOCKET / 2,
    width: SOCKET,
    height: SOCKET,
  };
}

function flowFrame(id: string, frame: Frame, position: Point, selected: boolean): FrameNode {
  const { width, height } = frame;
  return {
    id,
    type: "frame",
    position,
    selected,
    width,
    height,
    measured: { width, height },
    data: { frame },
    handles: [],
    zIndex: -1,
    dragHandle: ".frame-title",
  };
}

function flowNote(id: string, note: Note, position: Point, selected: boolean): NoteNode {
  const { width, height } = note;
  return {
    id,
    type: "note",
    position,
    selected,
    width,
    height,
    measured: { width, height },
    data: { note },
    handles: [],
  };
}

function flowWire(wire: SceneWire, points: readonly Point[], named: boolean, selected: boolean): ShownWire {
  const { edge } = wire;
  return {
    id: wire.id,
    type: "wire",
    source: edge.from,
    target: edge.to,
    sourceHandle: handleId("output", edge.link.port),
    targetHandle: handleId("input", edge.port),
    selected,
    ariaLabel: `${linkText(edge.link)} → ${portLink(edge.to, edge.port)}`,
    data: { wire, points, named },
  };
}
