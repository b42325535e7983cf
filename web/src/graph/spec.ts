/** The ports of one node: from the catalog, from the inner graph, or from what the document uses. */

import {
  type Catalog,
  type InputSpec,
  inputOf,
  type NodeSpec,
  type OutputSpec,
  type PortType,
} from "./catalog";
import { at, type Doc, linksOf, type Node, type Table } from "./document";
import { parseLink, topNode } from "./link";
import { typesOf } from "./types";

/** What a node needs to be understood: the catalog, and the graphs that subgraphs name. */
export interface Knowledge {
  readonly catalog: Catalog;
  readonly library: Table<Doc>;
}

const ANY: PortType = { name: "?", many: false };
const inner = new WeakMap<Doc, WeakMap<Knowledge, NodeSpec>>();

export function specOf(know: Knowledge, doc: Doc, id: string): NodeSpec {
  const node = at(doc.nodes, id);
  if (node === undefined) return placeholder("?", [], []);
  const graph = innerGraph(know, node);
  if (graph !== null) return subgraphSpec(know, graph, node);
  return at(know.catalog, node.type) ?? guessed(doc, id, node);
}

/** The graph inside a Subgraph; null for other nodes and for names that the library lacks. */
export function innerGraph(know: Knowledge, node: Node): Doc | null {
  return typeof node.graph === "string" ? (at(know.library, node.graph) ?? null) : node.graph;
}

export function titleOf(know: Knowledge, doc: Doc, id: string): string {
  const node = at(doc.nodes, id);
  if (node === undefined) return id;
  return node.title ?? specOf(know, doc, id).title;
}

function subgraphSpec(know: Knowledge, graph: Doc, node: Node): NodeSpec {
  const remembered = inner.get(graph) ?? new WeakMap<Knowledge, NodeSpec>();
  inner.set(graph, remembered);
  const spec = remembered.get(know) ?? derive(know, graph, node);
  remembered.set(know, spec);
  return spec;
}

function derive(know: Knowledge, graph: Doc, node: Node): NodeSpec {
  const outputs = Object.entries(graph.outputs).map(([name, link]): OutputSpec => {
    const source = parseLink(link);
    const made = source && typesOf(know, graph).get(source.node)?.outputs.get(source.port);
    const type = made ?? ANY;
    return { name, type: source?.item === null ? type : { ...type, many: false }, optional: false };
  });
  const inputs = Object.entries(graph.inputs).flatMap(([name, field]): InputSpec[] => {
    const port = field.to[0] === undefined ? undefined : innerPort(know, graph, field.to[0]);
    if (port === undefined) return [];
    const link = parseLink(field.to[0] ?? "");
    const inside = link && at(graph.nodes, topNode(link));
    const set = inside && link ? at(inside.params, link.port) : undefined;
    const fed =
      inside !== undefined && inside !== null && link !== null && at(inside.inputs, link.port) !== undefined;
    return [
      { ...port, name, default: set ?? port.default, required: port.required && set === undefined && !fed },
    ];
  });
  const title = graph.name || (typeof node.graph === "string" ? node.graph : "Subgraph");
  return {
    type: "Subgraph",
    title,
    help: "",
    category: "",
    version: 1,
    lane: "",
    inputs,
    outputs,
    known: true,
  };
}

function innerPort(know: Knowledge, graph: Doc, target: string): InputSpec | undefined {
  const link = parseLink(target);
  if (link === null) return undefined;
  const [top = "", ...deeper] = link.node.split("/");
  const node = at(graph.nodes, top);
  if (deeper.length === 0 || node === undefined) return inputOf(specOf(know, graph, top), link.port);
  const below = innerGraph(know, node);
  return below ? innerPort(know, below, `${deeper.join("/")}.${link.port}`) : undefined;
}

/** A node that the catalog lacks: its ports are those that the document uses. */
function guessed(doc: Doc, id: string, node: Node): NodeSpec {
  const outputs = new Set<string>();
  const links = Object.values(doc.nodes).flatMap((other) => Object.values(other.inputs).flatMap(linksOf));
  for (const text of [...links, ...Object.values(doc.outputs)]) {
    const link = parseLink(text);
    if (link && topNode(link) === id) outputs.add(link.port);
  }
  for (const output of Object.keys({ ...node.bypass, ...node.pin })) outputs.add(output);
  const passed = Object.values(node.bypass ?? {});
  return placeholder(
    node.type,
    [...new Set([...Object.keys(node.inputs), ...Object.keys(node.params), ...passed])],
    [...outputs],
  );
}

function placeholder(type: string, inputs: readonly string[], outputs: readonly string[]): NodeSpec {
  return {
    type,
    title: type,
    help: "",
    category: "",
    version: 1,
    lane: "",
    known: false,
    inputs: inputs.map((name) => ({
      name,
      type: ANY,
      required: false,
      default: null,
      schema: null,
      widget: null,
      lazy: false,
      help: "",
    })),
    outputs: outputs.map((name) => ({ name, type: ANY, optional: false })),
  };
}

export function isUnknown(type: PortType): boolean {
  return type.name === ANY.name;
}
