/** What stands on the canvas: the nodes of a level with their specs, layouts and places. */

import { type NodeSpec, type PortType, parseType } from "../graph/catalog";
import {
  type Box,
  type Doc,
  type Frame,
  type Look,
  type Node,
  type Note,
  PLAIN,
  type Point,
  type Table,
  type WireLook,
} from "../graph/document";
import { POINT, pointId, wireKey } from "../graph/edit/routes";
import { missingPlaces } from "../graph/layout/columns";
import { fieldKind, type Layout, layoutOf, type Shown, socketAt } from "../graph/layout/metrics";
import { problemsOf } from "../graph/problems";
import { type Knowledge, specOf, titleOf } from "../graph/spec";
import { type Edge, structureOf } from "../graph/structure";
import { givenBy, typesOf } from "../graph/types";
import { typeClass } from "./types";

export interface SceneNode {
  readonly id: string;
  readonly node: Node;
  readonly spec: NodeSpec;
  readonly title: string;
  readonly look: Look;
  readonly layout: Layout;
  readonly box: Box;
  readonly fault: string | null;
  /** Inputs that are needed and neither wired nor set. */
  readonly missing: readonly string[];
}

export interface SceneWire {
  readonly id: string;
  readonly edge: Edge;
  readonly type: PortType;
  readonly colour: string;
  readonly key: string;
  readonly look: WireLook;
}

/** A point of a wire, with the square in which it is grabbed. */
export interface ScenePoint extends Box {
  readonly wire: string;
  readonly colour: string;
}

export interface Scene {
  readonly doc: Doc;
  readonly nodes: ReadonlyMap<string, SceneNode>;
  readonly wires: readonly SceneWire[];
  readonly frames: Table<Frame>;
  readonly notes: Table<Note>;
  readonly points: Table<ScenePoint>;
}

/** What runs add to the drawing: which nodes show a picture or words, and what went wrong where; by flat node id. */
export interface Marks {
  readonly shown: ReadonlyMap<string, Shown>;
  readonly faults: Table<string>;
}

const UNKNOWN = parseType("?");
const ORIGIN: Point = { x: 0, y: 0 };
const UNTOUCHED: WireLook = { points: [], name: null };

/** Draw a level; parts that did not change since `last` are the same objects. */
export function sceneOf(know: Knowledge, doc: Doc, prefix: string, marks: Marks, last: Scene | null): Scene {
  const missing = missingPorts(know, doc);
  const drawn = Object.keys(doc.nodes).flatMap(
    (id) => sceneNode(know, doc, prefix, marks, id, missing.get(id) ?? []) ?? [],
  );
  const sizes = new Map(drawn.map((node) => [node.id, node.layout]));
  const places = missingPlaces(doc, (id) => sizes.get(id) ?? { width: 200, height: 100 });
  const nodes = new Map(drawn.map((made) => [made.id, placed(made, places, last?.nodes.get(made.id))]));
  const wires = wiresOf(know, doc, last);
  const points = last?.wires === wires ? last.points : pointsOf(wires, last?.points ?? {});
  return { doc, nodes, wires, points, frames: doc.frames, notes: doc.notes };
}

/** The place of everything that can be moved. */
export function boxes(scene: Scene): Table<Box> {
  const nodes = [...scene.nodes.values()].map((node): [string, Box] => [node.id, node.box]);
  return { ...Object.fromEntries(nodes), ...scene.frames, ...scene.notes, ...scene.points };
}

/** The same places, with those of points between two nodes that move. */
export function withPoints(scene: Scene, places: Table<Point>): Table<Point> {
  const carried = scene.wires.flatMap(({ edge, key, look }): [string, Point][] => {
    const [from, place] = [scene.nodes.get(edge.from)?.box, places[edge.from]];
    if (look.points.length === 0 || !from || !place || !places[edge.to]) return [];
    const by = { x: place.x - from.x, y: place.y - from.y };
    return look.points.map((point, index) => [
      pointId(key, index),
      { x: point.x - POINT / 2 + by.x, y: point.y - POINT / 2 + by.y },
    ]);
  });
  return carried.length > 0 ? { ...Object.fromEntries(carried), ...places } : places;
}

/** Where a wire begins, what it runs through, where it ends; null where an end is not drawn. */
export function stopsOf(scene: Scene, { edge, look }: SceneWire): readonly Point[] | null {
  const from = scene.nodes.get(edge.from);
  const to = scene.nodes.get(edge.to);
  const start = from && socketAt(from.layout, from.box, "output", edge.link.port);
  const end = to && socketAt(to.layout, to.box, "input", edge.port);
  return start && end ? [start, ...look.points, end] : null;
}

/** The document with a place for every node that had none, so that an edit does not shift the others. */
export function settled(scene: Scene, doc: Doc): Doc {
  const lacking = [...scene.nodes.values()].filter(
    ({ id }) => !Object.hasOwn(doc.positions, id) && Object.hasOwn(doc.nodes, id),
  );
  if (lacking.length === 0) return doc;
  const places = lacking.map(({ id, box }): [string, Point] => [
    id,
    { x: Math.round(box.x), y: Math.round(box.y) },
  ]);
  return { ...doc, positions: { ...doc.positions, ...Object.fromEntries(places) } };
}

function sceneNode(
  know: Knowledge,
  doc: Doc,
  prefix: string,
  marks: Marks,
  id: string,
  missing: readonly string[],
): SceneNode | null {
  const node = doc.nodes[id];
  if (!node) return null;
  const spec = specOf(know, doc, id);
  const look = doc.looks[id] ?? PLAIN;
  const fault = marks.faults[prefix + id] ?? null;
  const title = titleOf(know, doc, id);
  const layout = layoutOf(spec, {
    title,
    wired: new Set(
      Object.keys(node.inputs).filter((port) =>
        spec.inputs.some((input) => input.name === port && fieldKind(input) !== null),
      ),
    ),
    collapsed: look.collapsed,
    preview: marks.shown.get(prefix + id) ?? null,
    strip: fault === null ? 0 : Math.min(4, Math.ceil(fault.length / 24)),
  });
  return {
    id,
    node,
    spec,
    title,
    look,
    layout,
    box: { ...(doc.positions[id] ?? ORIGIN), width: layout.width, height: layout.height },
    fault,
    missing,
  };
}

function placed(made: SceneNode, places: Table<Point>, last: SceneNode | undefined): SceneNode {
  const { x, y } = places[made.id] ?? made.box;
  return reuse({ ...made, box: { ...made.box, x, y } }, last);
}

function reuse(made: SceneNode, last: SceneNode | undefined): SceneNode {
  const equal =
    last !== undefined &&
    last.node === made.node &&
    last.spec === made.spec &&
    last.layout === made.layout &&
    last.look === made.look &&
    last.fault === made.fault &&
    last.title === made.title &&
    last.box.x === made.box.x &&
    last.box.y === made.box.y &&
    last.missing.join() === made.missing.join();
  return equal ? last : made;
}

function missingPorts(know: Knowledge, doc: Doc): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const problem of problemsOf(know, doc)) {
    if (problem.code === "missing" || problem.code === "muted")
      found.set(problem.node, [...(found.get(problem.node) ?? []), problem.port]);
  }
  return found;
}

function wiresOf(know: Knowledge, doc: Doc, last: Scene | null): readonly SceneWire[] {
  if (last && last.doc.nodes === doc.nodes && last.doc.wires === doc.wires) return last.wires;
  const known = new Map(last?.wires.map((wire) => [wire.id, wire]));
  const types = typesOf(know, doc);
  return structureOf(doc).edges.map((edge) => {
    const type = givenBy(know, doc, types, edge.link) ?? UNKNOWN;
    const key = wireKey(edge);
    const look = doc.wires[key] ?? UNTOUCHED;
    const old = known.get(edge.id);
    const equal = old?.look === look && old.type.name === type.name && old.type.many === type.many;
    return equal ? old : { id: edge.id, edge, type, colour: typeClass(type), key, look };
  });
}

function pointsOf(wires: readonly SceneWire[], last: Table<ScenePoint>): Table<ScenePoint> {
  const found = wires.flatMap(({ key, colour, look }) =>
    look.points.map((point, index): [string, ScenePoint] => {
      const id = pointId(key, index);
      const [x, y] = [point.x - POINT / 2, point.y - POINT / 2];
      const old = last[id];
      const equal = old?.x === x && old.y === y && old.colour === colour;
      return [id, equal ? old : { x, y, width: POINT, height: POINT, wire: key, colour }];
    }),
  );
  return Object.fromEntries(found);
}
