/** What a drag of nodes, frames and points does: nothing of it is an edit until the drop. */

import type { NodeChange } from "@xyflow/react";
import type { MouseEvent as ReactMouseEvent } from "react";
import { duplicateTo } from "../app/actions/arrange";
import { moveTo, pullOut, spliceInto, splices } from "../app/actions/build";
import { camera } from "../app/camera";
import { useSettings } from "../app/settings";
import { scene } from "../app/stage";
import { view } from "../app/view";
import type { Box, Point, Table } from "../graph/document";
import { boundsOf, inside } from "../graph/edit/marks";
import { pointOf } from "../graph/edit/routes";
import { type Snap, snapTo } from "../graph/layout/guides";
import { passes } from "../graph/layout/route";
import { boxes, type Scene, type SceneNode, stopsOf, withPoints } from "./scene";
import { shownWires } from "./shownWires";
import type { Shown } from "./toFlow";

type DragEvent = MouseEvent | TouchEvent | ReactMouseEvent;

const REACH = 6;

/** With Alt, a node is pulled out of its wires, which join; with Ctrl and Alt what is dragged is copied. */
export function onNodeDragStart(event: DragEvent, node: Shown): void {
  const copying = event.altKey && (event.ctrlKey || event.metaKey);
  if (event.altKey && !copying && node.type === "node") pullOut(node.id);
  view.setState({ drag: {}, copying });
}

/** Keep where what is dragged is now, in line with its neighbours where it is near. */
export function dragTo(changes: readonly NodeChange<Shown>[]): void {
  const { drag, copying } = view.getState();
  if (!drag) return;
  const all = scene();
  const places: Record<string, Point> = { ...drag };
  for (const change of changes) {
    if (change.type === "position" && change.position)
      Object.assign(places, carried(all, change.id, change.position));
  }
  const { by, guides } = lined(all, places);
  const snapped = Object.entries(withPoints(all, places)).map(([id, { x, y }]): [string, Point] => [
    id,
    { x: x + by.x, y: y + by.y },
  ]);
  const over = copying ? null : wireUnderOnly(all, places);
  view.setState({ drag: Object.fromEntries(snapped), guides, over });
}

/** A single node that has no wires and is dropped on one goes into it. */
export function onNodeDragStop(): void {
  const { drag, copying, over } = view.getState();
  view.setState({ drag: null, guides: [], over: null, copying: false });
  const [id] = Object.keys(drag ?? {});
  if (!drag || id === undefined) return;
  if (copying) duplicateTo(drag);
  else if (over !== null) spliceInto(id, over, drag);
  else moveTo(drag);
}

/** The new places of what moves: a frame takes its content along. */
function carried(all: Scene, id: string, place: Point): Table<Point> {
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

const FREE: Snap = { by: { x: 0, y: 0 }, guides: [] };

function lined(all: Scene, places: Table<Point>): Snap {
  if (!useSettings.getState().snap) return FREE;
  const content = boxes(all);
  const moving = Object.entries(places).flatMap(([id, place]): Box[] =>
    content[id] ? [{ ...content[id], ...place }] : [],
  );
  const box = boundsOf(moving);
  if (!box) return FREE;
  const others = Object.entries(content).filter(
    ([id]) => !places[id] && !all.frames[id] && pointOf(id) === null,
  );
  return snapTo(
    box,
    others.map(([, other]) => other),
    REACH / (camera()?.zoom() ?? 1),
  );
}

function wireUnderOnly(all: Scene, places: Table<Point>): string | null {
  const [id = "", ...more] = Object.keys(places);
  const [node, place] = [all.nodes.get(id), places[id]];
  return node && place && more.length === 0 ? wireUnder(all, node, { ...node.box, ...place }) : null;
}

/** The wire through a box that a node would go into: it has none, and fits. Of several that nearest to the middle. */
export function wireUnder(all: Scene, node: SceneNode, box: Box): string | null {
  if (all.wires.some(({ edge }) => edge.from === node.id || edge.to === node.id)) return null;
  const { chosen, chosenWires } = view.getState();
  const { wireStyle, shownWires: which } = useSettings.getState();
  const near = shownWires(all.wires, which, chosen, chosenWires).flatMap((wire) => {
    const stops = wire.look.name === null ? stopsOf(all, wire) : null;
    const distance = stops && passes(wireStyle, stops, box);
    return distance === null ? [] : [{ wire, distance }];
  });
  const sorted = near.sort((a, b) => a.distance - b.distance);
  return sorted.find(({ wire }) => splices(node.id, wire.edge))?.wire.id ?? null;
}
