/** Connect, disconnect, splice and heal. */

import { inputOf } from "../catalog";
import { mayConnect, type PortAt } from "../compat";
import { type Doc, linksOf, put, type Wire, type WireLook } from "../document";
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

/** Swap what two inputs of a node get; without ports the first two of one type, where the types allow. */
export function swap(
  know: Knowledge,
  doc: Doc,
  id: string,
  ports: readonly [string, string] | null,
): Doc | null {
  for (const [a, b] of ports ? [ports] : twins(know, doc, id)) {
    const [first, second] = [doc.nodes[id]?.inputs[a], doc.nodes[id]?.inputs[b]];
    if (first === second) continue;
    const bare = setWire(setWire(doc, { node: id, port: a }, undefined), { node: id, port: b }, undefined);
    const half = plugged(know, bare, { node: id, port: a }, second);
    const whole = half && plugged(know, half, { node: id, port: b }, first);
    if (whole) return movedLooks(whole, doc, id, [a, b]);
  }
  return null;
}

/** The socket of one node that best ends a wire from a socket of another. */
export function bestEnd(know: Knowledge, doc: Doc, from: PortAt, id: string): PortAt | null {
  return bestOf(know, doc, [from], inputsOf(know, doc, id))?.to ?? null;
}

/** The output of one node that best feeds a socket of another. */
export function bestStart(know: Knowledge, doc: Doc, id: string, to: PortAt): PortAt | null {
  return bestOf(know, doc, outputsOf(know, doc, id), [to])?.from ?? null;
}

/** The two sockets that best wire one node to another. */
export function bestPair(know: Knowledge, doc: Doc, from: string, to: string): Pair | null {
  return bestOf(know, doc, outputsOf(know, doc, from), inputsOf(know, doc, to));
}

interface Pair {
  readonly from: PortAt;
  readonly to: PortAt;
}

/** Free sockets before wired ones, the same type before a list that maps, needed before optional. */
function bestOf(know: Knowledge, doc: Doc, starts: readonly PortAt[], ends: readonly PortAt[]): Pair | null {
  let best: Pair | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const from of starts) {
    for (const to of ends) {
      const verdict = mayConnect(know, doc, from, to);
      if (!verdict.ok) continue;
      const taken = !verdict.collects && Object.hasOwn(doc.nodes[to.node]?.inputs ?? {}, to.port);
      const needed = inputOf(specOf(know, doc, to.node), to.port)?.required === true;
      const cost = (taken ? 4 : 0) + (verdict.maps ? 2 : 0) + (needed ? 0 : 1);
      if (cost < least) best = { from, to };
      least = Math.min(least, cost);
    }
  }
  return best;
}

function inputsOf(know: Knowledge, doc: Doc, id: string): readonly PortAt[] {
  return specOf(know, doc, id).inputs.map((port) => ({ node: id, port: port.name }));
}

function outputsOf(know: Knowledge, doc: Doc, id: string): readonly PortAt[] {
  return specOf(know, doc, id).outputs.map((port) => ({ node: id, port: port.name }));
}

/** Pairs of inputs of one type, of which one at least is wired. */
function twins(know: Knowledge, doc: Doc, id: string): readonly (readonly [string, string])[] {
  const { inputs } = specOf(know, doc, id);
  const wired = (port: string) => Object.hasOwn(doc.nodes[id]?.inputs ?? {}, port);
  return inputs.flatMap((a, at) =>
    inputs
      .slice(at + 1)
      .filter((b) => a.type.name === b.type.name && (wired(a.name) || wired(b.name)))
      .map((b) => [a.name, b.name] as const),
  );
}

/** The document with a wire on a port, or null where a link of it does not fit. */
function plugged(know: Knowledge, doc: Doc, to: PortAt, wire: Wire | undefined): Doc | null {
  const links = linksOf(wire).map(parseLink);
  const fit = links.every((link) => link && mayConnect(know, doc, link, to).ok);
  return fit ? setWire(doc, to, wire) : null;
}

/** The points of swapped wires stay theirs. */
function movedLooks(doc: Doc, before: Doc, id: string, [a, b]: readonly [string, string]): Doc {
  const target = (port: string) => `>${portLink(id, port)}`;
  const wires = Object.entries(before.wires).map(([key, look]): [string, WireLook] => {
    const port = [a, b].find((one) => key.endsWith(target(one)));
    if (port === undefined) return [key, look];
    return [key.slice(0, -target(port).length) + target(port === a ? b : a), look];
  });
  return { ...doc, wires: Object.fromEntries(wires) };
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
