/** What the browser can say about a graph before it is run; the server's check has the last word. */

import { silencedBy } from "./bypass";
import { type PortType, typeText } from "./catalog";
import { fits } from "./compat";
import { at, type Doc } from "./document";
import { portLink } from "./link";
import { isUnknown, type Knowledge, specOf } from "./spec";
import { structureOf } from "./structure";
import { givenBy, typesOf } from "./types";

export type Problem =
  | { readonly code: "unknown"; readonly node: string; readonly port: null; readonly type: string }
  | { readonly code: "version"; readonly node: string; readonly port: null; readonly type: string }
  | { readonly code: "circle"; readonly node: string; readonly port: null }
  | { readonly code: "missing"; readonly node: string; readonly port: string; readonly type: PortType }
  | { readonly code: "muted"; readonly node: string; readonly port: string; readonly by: string }
  | {
      readonly code: "mismatch";
      readonly node: string;
      readonly port: string;
      readonly given: PortType;
      readonly wanted: PortType;
    };

const known = new WeakMap<Doc["nodes"], WeakMap<Knowledge, readonly Problem[]>>();

export function problemsOf(know: Knowledge, doc: Doc): readonly Problem[] {
  const remembered = known.get(doc.nodes) ?? new WeakMap<Knowledge, readonly Problem[]>();
  known.set(doc.nodes, remembered);
  const found = remembered.get(know) ?? find(know, doc);
  remembered.set(know, found);
  return found;
}

function find(know: Knowledge, doc: Doc): readonly Problem[] {
  const { circle, order } = structureOf(doc);
  const loops = [...circle].map((node): Problem => ({ code: "circle", node, port: null }));
  return [...loops, ...order.flatMap((id) => nodeProblems(know, doc, id))];
}

function nodeProblems(know: Knowledge, doc: Doc, id: string): readonly Problem[] {
  const node = at(doc.nodes, id);
  const spec = specOf(know, doc, id);
  if (!node || node.bypass !== null) return [];
  if (!spec.known) return [{ code: "unknown", node: id, port: null, type: node.type }];
  if (node.type !== "Subgraph" && node.version !== spec.version) {
    return [{ code: "version", node: id, port: null, type: node.type }];
  }
  if (node.pin !== null) return [];
  const set = new Set(Object.values(doc.inputs).flatMap((field) => field.to));
  const missing = spec.inputs.filter(
    (port) =>
      port.required &&
      at(node.inputs, port.name) === undefined &&
      at(node.params, port.name) === undefined &&
      !set.has(portLink(id, port.name)),
  );
  return [
    ...missing.map((port): Problem => ({ code: "missing", node: id, port: port.name, type: port.type })),
    ...silent(know, doc, id),
    ...mismatches(know, doc, id),
  ];
}

/** Inputs that need a value, whose wire brings nothing because of a bypassed node. */
function silent(know: Knowledge, doc: Doc, id: string): readonly Problem[] {
  const needed = specOf(know, doc, id).inputs.filter(({ required }) => required);
  const edges = structureOf(doc).into.get(id) ?? [];
  return needed.flatMap(({ name }): Problem[] => {
    const mine = edges.filter(({ port }) => port === name);
    const by = mine.map(({ link }) => silencedBy(doc, link));
    const [first] = by;
    const kept = at(doc.nodes[id]?.params ?? {}, name) !== undefined;
    return first && !kept && by.every((one) => one !== null)
      ? [{ code: "muted", node: id, port: name, by: first }]
      : [];
  });
}

function mismatches(know: Knowledge, doc: Doc, id: string): readonly Problem[] {
  const spec = specOf(know, doc, id);
  const types = typesOf(know, doc);
  const bound = types.get(id)?.bound;
  return (structureOf(doc).into.get(id) ?? []).flatMap((edge): Problem[] => {
    const port = spec.inputs.find((input) => input.name === edge.port);
    const given = givenBy(know, doc, types, edge.link);
    if (!port || !given || isUnknown(given)) return [];
    const wanted = { name: bound?.get(port.type.name)?.name ?? port.type.name, many: port.type.many };
    const verdict = fits(know.catalog, given, wanted, port.lazy);
    return verdict.ok ? [] : [{ code: "mismatch", node: id, port: edge.port, given, wanted }];
  });
}

export function problemKey(problem: Problem): string {
  return `${problem.code} ${problem.node} ${problem.port ?? ""} ${"given" in problem ? typeText(problem.given) : ""}`;
}
