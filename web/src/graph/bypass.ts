/** Bypassed nodes: what passes through them, and what they leave without a value. */

import type { OutputSpec } from "./catalog";
import { at, type Doc, linksOf, type Node, type Table } from "./document";
import { type Link, parseLink, portLink, topNode } from "./link";
import { type Knowledge, specOf } from "./spec";

/** A muted node passes nothing on; a bypassed one some of its inputs. */
export type Running = "on" | "bypassed" | "muted";

export function runningOf(node: Node): Running {
  if (node.bypass === null) return "on";
  return Object.keys(node.bypass).length > 0 ? "bypassed" : "muted";
}

/** For each output the input of its type, one that has something first; outputs without one give nothing. */
export function passing(know: Knowledge, doc: Doc, id: string): Table<string> {
  const { inputs, outputs } = specOf(know, doc, id);
  const fed = (port: string) => isFed(doc, id, port);
  const through = (output: OutputSpec) => {
    const same = inputs.filter(
      ({ type }) => type.name === output.type.name && type.many === output.type.many,
    );
    return same.find(({ name }) => fed(name)) ?? same[0];
  };
  return Object.fromEntries(
    outputs.flatMap((output) => {
      const input = through(output);
      return input ? [[output.name, input.name]] : [];
    }),
  );
}

/** The bypassed node because of which a link brings nothing; null where it brings something. */
export function silencedBy(doc: Doc, link: Link, seen: ReadonlySet<string> = new Set()): string | null {
  const top = topNode(link);
  const node = at(doc.nodes, top);
  const key = portLink(top, link.port);
  if (!node || node.bypass === null || seen.has(key)) return null;
  const input = link.node === top ? at(node.bypass, link.port) : undefined;
  if (input === undefined || !isFed(doc, top, input)) return top;
  const sources = linksOf(at(node.inputs, input)).flatMap((text) => parseLink(text) ?? []);
  const silent = sources.map((source) => silencedBy(doc, source, new Set([...seen, key])));
  return silent.length > 0 && silent.every((by) => by !== null) ? (silent[0] ?? null) : null;
}

function isFed(doc: Doc, id: string, port: string): boolean {
  const node = at(doc.nodes, id);
  if (!node) return false;
  if (at(node.inputs, port) !== undefined || at(node.params, port) !== undefined) return true;
  return Object.values(doc.inputs).some(({ to }) => to.includes(portLink(id, port)));
}
