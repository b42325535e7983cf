/** Say whether a wire may go there, and if not, why and which node would mend it. */

import { type Catalog, inputOf, isVariable, type PortType } from "./catalog";
import { at, type Doc } from "./document";
import { parseLink, portLink } from "./link";
import { isUnknown, type Knowledge, specOf } from "./spec";
import { downstream } from "./structure";
import { accepts, givenBy, typesOf } from "./types";

export interface PortAt {
  readonly node: string;
  readonly port: string;
}

export type Refusal =
  | {
      readonly code: "type";
      readonly given: PortType;
      readonly wanted: PortType;
      readonly mend: readonly string[];
    }
  | { readonly code: "circle" }
  | { readonly code: "lazy"; readonly given: PortType }
  | { readonly code: "depth" }
  | { readonly code: "missing" };

/** `maps`: the node runs for each item. `collects`: the link joins others in a list port. */
export type Verdict =
  | { readonly ok: true; readonly maps: boolean; readonly collects: boolean }
  | { readonly ok: false; readonly reason: Refusal };

export function mayConnect(know: Knowledge, doc: Doc, from: PortAt, to: PortAt): Verdict {
  const port = inputOf(specOf(know, doc, to.node), to.port);
  const link = parseLink(portLink(from.node, from.port));
  const types = typesOf(know, doc);
  const given = link && givenBy(know, doc, types, link);
  if (!given || !port) return refused({ code: "missing" });
  if (downstream(doc, [to.node]).has(from.node)) return refused({ code: "circle" });
  const wanted = wantedType(know, doc, to, port.type);
  const verdict = fits(know.catalog, given, wanted, port.lazy);
  if (verdict.ok && verdict.maps && specOf(know, doc, to.node).outputs.some((output) => output.type.many)) {
    return refused({ code: "depth" });
  }
  return verdict;
}

/** Whether a value of one type may enter a port of another. */
export function fits(catalog: Catalog, given: PortType, wanted: PortType, lazy = false): Verdict {
  if (isUnknown(given) || isUnknown(wanted) || isVariable(given))
    return { ok: true, maps: false, collects: wanted.many };
  const item = { ...wanted, many: false };
  if (accepts(wanted, given)) return { ok: true, maps: false, collects: false };
  if (wanted.many && accepts(item, given)) return { ok: true, maps: false, collects: true };
  if (given.many && accepts(wanted, { ...given, many: false })) {
    return lazy ? refused({ code: "lazy", given }) : { ok: true, maps: true, collects: false };
  }
  return refused({ code: "type", given, wanted, mend: between(catalog, given, wanted) });
}

/** The types of the nodes that turn the one into the other, fewest other needs first. */
export function between(catalog: Catalog, given: PortType, wanted: PortType): readonly string[] {
  const bridges = Object.values(catalog).filter(
    (spec) =>
      spec.inputs.some((port) => port.type.name === given.name) &&
      spec.outputs.some((port) => port.type.name === wanted.name && port.type.many === wanted.many),
  );
  const needs = (type: string) => at(catalog, type)?.inputs.filter((port) => port.required).length ?? 0;
  return bridges.map((spec) => spec.type).sort((a, b) => needs(a) - needs(b) || a.localeCompare(b));
}

/** A variable that another wire has bound wants what it is bound to; the port's own wire does not count. */
function wantedType(know: Knowledge, doc: Doc, to: PortAt, declared: PortType): PortType {
  if (!isVariable(declared)) return declared;
  const spec = specOf(know, doc, to.node);
  const node = at(doc.nodes, to.node);
  const types = typesOf(know, doc);
  for (const [port, wire] of Object.entries(node?.inputs ?? {})) {
    const text = typeof wire === "string" ? wire : wire[0];
    if (inputOf(spec, port)?.type.name !== declared.name || text === undefined) continue;
    if (port === to.port && !declared.many) continue;
    const link = parseLink(text);
    const given = link && givenBy(know, doc, types, link);
    if (given && !isVariable(given)) return { name: given.name, many: declared.many };
  }
  return declared;
}

function refused(reason: Refusal): Verdict {
  return { ok: false, reason };
}
