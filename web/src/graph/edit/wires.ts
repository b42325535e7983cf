/** Connect, disconnect, splice and heal. */

import { inputOf } from "../catalog";
import { mayConnect, type PortAt } from "../compat";
import { type Doc, linksOf, put, type Wire } from "../document";
import { parseLink, portLink } from "../link";
import { type Knowledge, specOf } from "../spec";
import { type Edge, structureOf } from "../structure";
import { givenBy, typesOf } from "../types";

/** Wire an output to an input: a port takes one link, a list port one more; what it had is replaced. */
export function connect(know: Knowledge, doc: Doc, from: PortAt, to: PortAt): Doc {
  const node = doc.nodes[to.node];
  const verdict = mayConnect(know, doc, from, to);
  if (!node || !verdict.ok) return doc;
  const text = portLink(from.node, from.port);
  const listed = inputOf(specOf(know, doc, to.node), to.port)?.type.many === true;
  const wire = verdict.collects && listed ? [...collected(know, doc, node.inputs[to.port]), text] : text;
  return setWire(doc, to, wire);
}

export function disconnect(doc: Doc, edges: Iterable<Edge>): Doc {
  let next = doc;
  const dropped = new Map<string, Edge[]>();
  for (const edge of edges) {
    const key = portLink(edge.to, edge.port);
    dropped.set(key, [...(dropped.get(key) ?? []), edge]);
  }
  for (const group of dropped.values()) next = disconnectPort(next, group);
  return next;
}

/** Put a node into a wire where it fits: what came in goes through it. */
export function splice(know: Knowledge, doc: Doc, edge: Edge, id: string): Doc | null {
  const spec = specOf(know, doc, id);
  const source = { node: edge.from, port: edge.link.port };
  const entry = spec.inputs.find((port) => mayConnect(know, doc, source, { node: id, port: port.name }).ok);
  if (!entry) return null;
  const entered = connect(know, doc, source, { node: id, port: entry.name });
  const cut = disconnect(entered, [edge]);
  const target = { node: edge.to, port: edge.port };
  const exit = spec.outputs.find((port) => mayConnect(know, cut, { node: id, port: port.name }, target).ok);
  return exit ? connect(know, cut, { node: id, port: exit.name }, target) : null;
}

/** Take a node out of its wires and join what it joined, where the types allow. */
export function heal(know: Knowledge, doc: Doc, id: string): Doc {
  const { into, outOf } = structureOf(doc);
  const entering = into.get(id) ?? [];
  const leaving = outOf.get(id) ?? [];
  let next = disconnect(doc, [...entering, ...leaving]);
  for (const out of leaving) {
    const target = { node: out.to, port: out.port };
    const source = entering.find(
      (edge) => mayConnect(know, next, { node: edge.from, port: edge.link.port }, target).ok,
    );
    if (source) next = connect(know, next, { node: source.from, port: source.link.port }, target);
  }
  return next;
}

function disconnectPort(doc: Doc, edges: readonly Edge[]): Doc {
  const [first] = edges;
  const node = first && doc.nodes[first.to];
  if (!first || !node) return doc;
  const gone = new Set(edges.map((edge) => edge.index ?? 0));
  const left = linksOf(node.inputs[first.port]).filter((_, index) => !gone.has(index));
  return setWire(doc, { node: first.to, port: first.port }, left.length > 0 ? left : undefined);
}

/** The links that a list port already collects; a link that brings a whole list is no item, so it is replaced. */
function collected(know: Knowledge, doc: Doc, wire: Wire | undefined): readonly string[] {
  if (typeof wire !== "string") return wire ?? [];
  const link = parseLink(wire);
  const given = link && givenBy(know, doc, typesOf(know, doc), link);
  return given?.many ? [] : [wire];
}

export function setWire(doc: Doc, to: PortAt, wire: Wire | undefined): Doc {
  const node = doc.nodes[to.node];
  if (!node || linksOf(wire).some((text) => parseLink(text) === null)) return doc;
  return { ...doc, nodes: put(doc.nodes, to.node, { ...node, inputs: put(node.inputs, to.port, wire) }) };
}
