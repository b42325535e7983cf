/** What flows out of every port of a document, after variables are bound and lists map nodes. */

import { inputOf, isVariable, type NodeSpec, type PortType } from "./catalog";
import { at, type Doc } from "./document";
import type { Link } from "./link";
import { pinnedMany } from "./pin";
import { innerGraph, type Knowledge, specOf } from "./spec";
import { type Edge, structureOf } from "./structure";

export interface NodeTypes {
  readonly outputs: ReadonlyMap<string, PortType>;
  readonly bound: ReadonlyMap<string, PortType>;
  /** The ports whose lists map the node: one item at a time. */
  readonly mapped: ReadonlySet<string>;
}

export type Types = ReadonlyMap<string, NodeTypes>;

const known = new WeakMap<Doc["nodes"], WeakMap<Knowledge, Types>>();

export function typesOf(know: Knowledge, doc: Doc): Types {
  const remembered = known.get(doc.nodes) ?? new WeakMap<Knowledge, Types>();
  known.set(doc.nodes, remembered);
  const types = remembered.get(know) ?? resolve(know, doc);
  remembered.set(know, types);
  return types;
}

/** What a link brings; undefined where that is not known. */
export function givenBy(know: Knowledge, doc: Doc, types: Types, link: Link): PortType | undefined {
  const [top = "", ...deeper] = link.node.split("/");
  if (deeper.length > 0) {
    const node = at(doc.nodes, top);
    const graph = node && innerGraph(know, node);
    return graph
      ? givenBy(know, graph, typesOf(know, graph), { ...link, node: deeper.join("/") })
      : undefined;
  }
  const given = types.get(top)?.outputs.get(link.port);
  return given && link.item !== null ? { ...given, many: false } : given;
}

/** Whether a value may enter as it is; a whole number may enter as a float. */
export function accepts(wanted: PortType, given: PortType): boolean {
  if (wanted.many !== given.many) return false;
  return (
    isVariable(wanted) || wanted.name === given.name || (wanted.name === "float" && given.name === "int")
  );
}

function resolve(know: Knowledge, doc: Doc): Types {
  const { order, into } = structureOf(doc);
  const types = new Map<string, NodeTypes>();
  for (const id of order) types.set(id, passed(know, doc, types, id, into.get(id) ?? []));
  return types;
}

/** A bypassed node gives what its inputs get. */
function passed(know: Knowledge, doc: Doc, types: Types, id: string, edges: readonly Edge[]): NodeTypes {
  const own = nodeTypes(know, doc, types, specOf(know, doc, id), edges);
  const bypass = at(doc.nodes, id)?.bypass ?? {};
  const outputs = new Map(own.outputs);
  for (const [output, input] of Object.entries(bypass)) {
    const edge = edges.find(({ port }) => port === input);
    const given = edge && givenBy(know, doc, types, edge.link);
    if (edge && given) outputs.set(output, edge.index === null ? given : { ...given, many: true });
  }
  for (const [output, type] of own.outputs) {
    const many = pinnedMany(at(doc.nodes, id), output);
    if (many !== undefined) outputs.set(output, { ...type, many });
  }
  return { ...own, outputs };
}

function nodeTypes(
  know: Knowledge,
  doc: Doc,
  types: Types,
  spec: NodeSpec,
  edges: readonly Edge[],
): NodeTypes {
  const bound = new Map<string, PortType>();
  const mapped = new Set<string>();
  for (const edge of edges) {
    const port = inputOf(spec, edge.port);
    const given = givenBy(know, doc, types, edge.link);
    if (!port || !given) continue;
    if (isVariable(port.type) && !bound.has(port.type.name))
      bound.set(port.type.name, { ...given, many: false });
    if (given.many && !port.type.many) mapped.add(edge.port);
  }
  const outputs = new Map(
    spec.outputs.map((port) => [port.name, outputType(port.type, bound, mapped.size > 0)]),
  );
  return { outputs, bound, mapped };
}

function outputType(declared: PortType, bound: ReadonlyMap<string, PortType>, each: boolean): PortType {
  const name = bound.get(declared.name)?.name ?? declared.name;
  return { name, many: declared.many || each };
}
