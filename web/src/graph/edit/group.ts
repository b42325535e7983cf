/** Make one Subgraph node of several nodes, and take it apart again. */

import { paste } from "../clipboard";
import {
  type Doc,
  EMPTY,
  linksOf,
  mapTable,
  type Node,
  newNode,
  type PublicInput,
  put,
  type Table,
  type Wire,
  without,
} from "../document";
import { freeName, freshId } from "../ids";
import { type Link, linkText, parseLink, portLink, renameTop, topNode } from "../link";
import { mapWire } from "./nodes";
import { pruned } from "./routes";
import { setWire } from "./wires";

export interface Grouped {
  readonly doc: Doc;
  readonly id: string;
}

export class GroupError extends Error {}

/** Move nodes into a Subgraph: links that came in become its inputs, links that went out its outputs. */
export function group(doc: Doc, ids: ReadonlySet<string>, name: string): Grouped {
  const id = freshId(doc.nodes, "Subgraph");
  const crossing = new Crossing(doc, ids, id);
  const inner: Doc = {
    ...EMPTY,
    name,
    nodes: mapTable(only(doc.nodes, ids), (node, inside) => crossing.enter(inside, node)),
    positions: only(doc.positions, ids),
    looks: only(doc.looks, ids),
    wires: doc.wires,
    inputs: crossing.inputs,
    outputs: {},
  };
  const outside = mapTable(without(doc.nodes, ids), (node) => relink(node, (text) => crossing.leave(text)));
  const outputs = mapTable(doc.outputs, (text) => crossing.leave(text));
  const made: Node = {
    ...newNode("Subgraph", 1),
    inputs: crossing.wires,
    graph: pruned({ ...inner, outputs: crossing.outputs }),
  };
  const deepen = (text: string) => renameTop(text, (top) => (ids.has(top) ? `${id}/${top}` : top));
  return {
    id,
    doc: pruned({
      ...doc,
      nodes: put(outside, id, made),
      outputs,
      inputs: mapTable(doc.inputs, (field) => ({ ...field, to: field.to.map(deepen) })),
      positions: put(without(doc.positions, ids), id, middle(doc, ids)),
      looks: without(doc.looks, ids),
    }),
  };
}

/** Put the inner nodes of a Subgraph in its place; what stood on its ports goes to the ports inside. */
export function ungroup(doc: Doc, id: string, inner: Doc): Doc {
  const node = doc.nodes[id];
  if (!node) return doc;
  const names = new Map<string, string>();
  const outer = { ...doc, nodes: put(doc.nodes, id, undefined) };
  const pasted = paste(outer, inner, doc.positions[id] ?? null, "drop");
  for (const [at, name] of [...pasted.ids].entries()) names.set(order(inner)[at] ?? name, name);
  const rename = (text: string) => renameTop(text, (top) => names.get(top) ?? top);
  const resolve = (text: string) => resolved(text, id, inner, rename);
  let next: Doc = {
    ...pasted.doc,
    nodes: mapTable(pasted.doc.nodes, (other) => relink(other, resolve)),
    outputs: mapTable(doc.outputs, resolve),
    inputs: mapTable(doc.inputs, (field) => ({
      ...field,
      to: field.to.flatMap((target) =>
        targets(target, id, inner).map((text) => (text === target ? text : rename(text))),
      ),
    })),
    positions: put(pasted.doc.positions, id, undefined),
    looks: put(pasted.doc.looks, id, undefined),
  };
  for (const [port, field] of Object.entries(inner.inputs)) {
    for (const target of field.to.map(rename)) next = pushed(next, node, port, target);
  }
  return pruned(next);
}

/** The names that the border of a group needs, made as links are met. */
class Crossing {
  inputs: Table<PublicInput> = {};
  outputs: Table<string> = {};
  wires: Table<Wire> = {};
  private readonly named = new Map<string, string>();
  private readonly doc: Doc;
  private readonly ids: ReadonlySet<string>;
  private readonly id: string;

  constructor(doc: Doc, ids: ReadonlySet<string>, id: string) {
    this.doc = doc;
    this.ids = ids;
    this.id = id;
  }

  enter(inside: string, node: Node): Node {
    const outer = Object.entries(node.inputs).filter(([, wire]) =>
      linksOf(wire).some((text) => !this.isInside(text)),
    );
    for (const [port, wire] of outer) {
      if (linksOf(wire).some((text) => this.isInside(text))) {
        throw new GroupError(
          `${inside}.${port} collects from inside and outside; choose all of them or none`,
        );
      }
      this.input(portLink(inside, port), port, wire);
    }
    return outer.length === 0
      ? node
      : { ...node, inputs: without(node.inputs, new Set(outer.map(([port]) => port))) };
  }

  leave(text: string): string {
    const link = parseLink(text);
    if (link === null || !this.isInside(text)) return text;
    const made = linkText({ ...link, item: null });
    const name = this.named.get(made) ?? freeName(this.outputs, link.port);
    this.named.set(made, name);
    this.outputs = put(this.outputs, name, made);
    return linkText({ node: this.id, port: name, item: link.item });
  }

  private input(target: string, port: string, wire: Wire): void {
    const source = `wire ${JSON.stringify(wire)}`;
    const known = this.named.get(source);
    const field = known === undefined ? undefined : this.inputs[known];
    const name = known ?? freeName(this.inputs, port);
    this.named.set(source, name);
    this.inputs = put(this.inputs, name, { to: [...(field?.to ?? []), target], title: null });
    this.wires = put(this.wires, name, wire);
  }

  private isInside(text: string): boolean {
    const link = parseLink(text);
    return link !== null && Object.hasOwn(this.doc.nodes, topNode(link)) && this.ids.has(topNode(link));
  }
}

function relink(node: Node, change: (text: string) => string): Node {
  const inputs = mapTable(node.inputs, (wire) => mapWire(wire, change));
  return inputs === node.inputs ? node : { ...node, inputs };
}

/** `sub.image` is what the inner graph gives as `image`; `sub/node.port` is a port inside. */
function resolved(text: string, id: string, inner: Doc, rename: (text: string) => string): string {
  const link = parseLink(text);
  if (link === null || topNode(link) !== id) return text;
  if (link.node !== id) return rename(linkText({ ...link, node: link.node.slice(id.length + 1) }));
  const made = parseLink(inner.outputs[link.port] ?? "");
  if (made === null) return text;
  return rename(linkText(withItem(made, link)));
}

function withItem(made: Link, asked: Link): Link {
  return { ...made, item: asked.item ?? made.item };
}

function targets(text: string, id: string, inner: Doc): readonly string[] {
  const link = parseLink(text);
  if (link === null || topNode(link) !== id) return [text];
  if (link.node !== id) return [linkText({ ...link, node: link.node.slice(id.length + 1) })];
  return inner.inputs[link.port]?.to ?? [];
}

function pushed(doc: Doc, node: Node, port: string, target: string): Doc {
  const link = parseLink(target);
  const inside = link && doc.nodes[link.node];
  if (!link || !inside) return doc;
  const wire = node.inputs[port];
  const value = node.params[port];
  let next = doc;
  if (value !== undefined) {
    const params = put(inside.params, link.port, value);
    next = {
      ...next,
      nodes: put(next.nodes, link.node, {
        ...inside,
        params,
        inputs: put(inside.inputs, link.port, undefined),
      }),
    };
  }
  return wire === undefined ? next : setWire(next, { node: link.node, port: link.port }, wire);
}

function order(part: Doc): readonly string[] {
  return [part.nodes, part.frames, part.notes].flatMap((table) => Object.keys(table));
}

function only<V>(table: Table<V>, ids: ReadonlySet<string>): Table<V> {
  return Object.fromEntries(Object.entries(table).filter(([key]) => ids.has(key)));
}

function middle(doc: Doc, ids: ReadonlySet<string>) {
  const places = [...ids].flatMap((id) => doc.positions[id] ?? []);
  const mean = (values: readonly number[]) =>
    Math.round(values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1));
  return { x: mean(places.map((place) => place.x)), y: mean(places.map((place) => place.y)) };
}
