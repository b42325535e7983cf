/** What a graph would touch if it ran: files, the network, code that is not here. A person sees it before a graph from elsewhere opens. */

import type { InputSpec, NodeSpec } from "./catalog";
import { at, type Doc, type Node } from "./document";
import { isList, type Json } from "./json";
import { innerGraph, type Knowledge, specOf } from "./spec";

export interface Reach {
  /**
   * `download`: a model from the network, if it is not here yet; `model`: a model file; `asset`: a file that was brought;
   * `wired`: a name that only a run will tell; `outside`: a node that reads or writes elsewhere; `pack`: code of a pack;
   * `missing`: a node type that is not here; `graph`: a library graph that is not here.
   */
  readonly kind: "download" | "model" | "asset" | "wired" | "outside" | "pack" | "missing" | "graph";
  /** The node in the flat graph. */
  readonly node: string;
  readonly what: string;
}

const HUB = "hub:";
const EMBEDDED = "bauklotz";
const DEPTH = 16;
/** The widgets of params that name a file. */
const FILES: Readonly<Record<string, "model" | "asset">> = {
  model: "model",
  image: "asset",
  images: "asset",
};

export function reachOf(know: Knowledge, doc: Doc): readonly Reach[] {
  return levelReach(know, doc, "", 0);
}

/** Whether it names something that does not ship: then it is shown before it opens. */
export function reachesOut(know: Knowledge, doc: Doc): boolean {
  return reachOf(know, doc).some(({ kind }) => kind !== "wired");
}

function levelReach(know: Knowledge, doc: Doc, prefix: string, depth: number): readonly Reach[] {
  return Object.entries(doc.nodes).flatMap(([id, node]) => {
    if (node.graph === null) return nodeReach(know, doc, prefix, id, node);
    const inner = innerGraph(know, node);
    if (!inner) return [{ kind: "graph" as const, node: prefix + id, what: String(node.graph) }];
    return depth < DEPTH ? levelReach(know, inner, `${prefix}${id}/`, depth + 1) : [];
  });
}

function nodeReach(know: Knowledge, doc: Doc, prefix: string, id: string, node: Node): readonly Reach[] {
  const spec = specOf(know, doc, id);
  const flat = prefix + id;
  if (!spec.known) return [{ kind: "missing", node: flat, what: node.type }];
  const files = spec.inputs.filter((port) => fileKind(port) !== null);
  const named = files.flatMap((port) => fileReach(node, flat, port));
  return [...named, ...codeReach(spec, flat, files.length > 0)];
}

function fileKind(port: InputSpec): "model" | "asset" | null {
  return port.widget ? (FILES[port.widget.kind] ?? null) : null;
}

function fileReach(node: Node, flat: string, port: InputSpec): readonly Reach[] {
  if (at(node.inputs, port.name) !== undefined) return [{ kind: "wired", node: flat, what: port.name }];
  const value = at(node.params, port.name) ?? port.default;
  return (isList(value) ? value : [value]).flatMap((one) => nameReach(one, flat, fileKind(port) ?? "asset"));
}

function nameReach(name: Json, flat: string, kind: "model" | "asset"): readonly Reach[] {
  if (typeof name !== "string" || name === "" || name === EMBEDDED) return [];
  if (name.startsWith(HUB)) return [{ kind: "download", node: flat, what: name }];
  return [{ kind, node: flat, what: name }];
}

function codeReach(spec: NodeSpec, flat: string, named: boolean): readonly Reach[] {
  if (spec.type.includes("/")) return [{ kind: "pack", node: flat, what: spec.type }];
  return spec.lane === "io" && !named ? [{ kind: "outside", node: flat, what: spec.type }] : [];
}
