/** Lay out a graph with elkjs in a worker: layered, ports in their order, so that wires cross little. */

import type { ElkExtendedEdge, ElkNode } from "elkjs/lib/elk-api";
import type { Box, Doc, Point, Table } from "../document";
import { POINT, pointId, wireKey } from "../edit/routes";
import { type Edge, structureOf } from "../structure";
import type { Layout } from "./metrics";

const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.layered.spacing.nodeNodeBetweenLayers": "72",
  "elk.spacing.nodeNode": "32",
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
  "elk.layered.crossingMinimization.semiInteractive": "false",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
};

/** The graph in elk's words; node ids and port names need no escaping, as neither holds a `:`.
 *
 * A point of a wire is a small node of its own, so that it keeps a place between the two ends.
 */
export function elkGraph(doc: Doc, ids: ReadonlySet<string>, layoutOf: (id: string) => Layout): ElkNode {
  const children = [...ids].map((id): ElkNode => {
    const layout = layoutOf(id);
    const ports = layout.handles.map((handle) => ({
      id: `${id}:${handle.side}:${handle.id}`,
      x: handle.x,
      y: handle.y,
      width: 0,
      height: 0,
      layoutOptions: { "elk.port.side": handle.side === "input" ? "WEST" : "EAST" },
    }));
    const layoutOptions = { "elk.portConstraints": "FIXED_POS" };
    return { id, width: layout.width, height: layout.height, ports, layoutOptions };
  });
  const wires = structureOf(doc).edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to));
  const points = new Set(wires.flatMap((edge) => pointIds(doc, edge)));
  const dots = [...points].map((id): ElkNode => ({ id, width: POINT, height: POINT }));
  const edges = wires.flatMap((edge) => elkEdges(edge, pointIds(doc, edge)));
  return { id: "graph", layoutOptions: OPTIONS, children: [...children, ...dots], edges };
}

/** A wire as edges from stop to stop. */
function elkEdges(edge: Edge, points: readonly string[]): readonly ElkExtendedEdge[] {
  const stops = [`${edge.from}:output:${edge.link.port}`, ...points, `${edge.to}:input:${edge.port}`];
  return stops.slice(1).map((stop, part) => ({
    id: part === 0 ? edge.id : `${edge.id}:${part}`,
    sources: [stops[part] ?? ""],
    targets: [stop],
  }));
}

function pointIds(doc: Doc, edge: Edge): readonly string[] {
  const key = wireKey(edge);
  return (doc.wires[key]?.points ?? []).map((_, index) => pointId(key, index));
}

/** Places from elk's answer, with the corner where the corner of these nodes was. */
export function placesOf(answer: ElkNode, corner: Point): Table<Point> {
  const children = answer.children ?? [];
  const left = Math.min(...children.map((child) => child.x ?? 0));
  const top = Math.min(...children.map((child) => child.y ?? 0));
  return Object.fromEntries(
    children.map((child) => [
      child.id,
      { x: corner.x + (child.x ?? 0) - left, y: corner.y + (child.y ?? 0) - top },
    ]),
  );
}

/** Under `require-trusted-types-for 'script'` a worker is started only from an address that a policy vouches for. */
function trusted(url: string): URL | string {
  const policies: Policies | undefined = Reflect.get(globalThis, "trustedTypes");
  return (
    policies?.createPolicy("promptograph-layout", { createScriptURL: () => url }).createScriptURL(url) ?? url
  );
}

interface Policies {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string };
}

/** Ask elk for places; the worker and its 1.5 MB are loaded when first asked, and ended afterwards. */
export async function tidy(
  doc: Doc,
  boxes: Table<Box>,
  ids: ReadonlySet<string>,
  layoutOf: (id: string) => Layout,
): Promise<Table<Point>> {
  const [{ default: Elk }, { default: url }] = await Promise.all([
    import("elkjs/lib/elk-api"),
    import("elkjs/lib/elk-worker.min.js?url"),
  ]);
  const elk = new Elk({ workerFactory: () => new Worker(trusted(url)) });
  try {
    const places = [...ids].flatMap((id) => boxes[id] ?? []);
    const corner = { x: Math.min(...places.map((box) => box.x)), y: Math.min(...places.map((box) => box.y)) };
    return placesOf(await elk.layout(elkGraph(doc, ids, layoutOf)), corner);
  } finally {
    elk.terminateWorker();
  }
}
