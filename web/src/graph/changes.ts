/** How two documents differ, line by line: what a person reads before choosing between them. */

import { compact } from "./canonical";
import { at, type Doc, type Node, type Table } from "./document";
import { same } from "./json";

export interface Change {
  readonly kind: "added" | "removed" | "changed";
  /** `sampler`, `sampler.seed`, `outputs.image`. */
  readonly what: string;
  readonly before: string | null;
  readonly after: string | null;
}

export function changesBetween(before: Doc, after: Doc): readonly Change[] {
  const name: Change[] =
    before.name === after.name
      ? []
      : [{ kind: "changed", what: "name", before: before.name, after: after.name }];
  return [
    ...name,
    ...compared(before.nodes, after.nodes, "", nodeText, nodeChanges),
    ...compared(before.inputs, after.inputs, "inputs.", (field) => field.to.join(", ")),
    ...compared(before.outputs, after.outputs, "outputs.", (link) => link),
    ...compared(before.positions, after.positions, "place.", () => "").filter(
      ({ kind, what }) => kind === "changed" && at(after.nodes, what.slice(6)) !== undefined,
    ),
    ...compared(before.frames, after.frames, "frame.", (frame) => frame.title),
    ...compared(before.notes, after.notes, "note.", (note) => note.text),
  ];
}

function compared<V>(
  before: Table<V>,
  after: Table<V>,
  prefix: string,
  text: (value: V) => string,
  inside: ((before: V, after: V, what: string) => readonly Change[]) | null = null,
): readonly Change[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key): readonly Change[] => {
    const [old, now] = [at(before, key), at(after, key)];
    const what = prefix + key;
    if (old === undefined && now !== undefined)
      return [{ kind: "added", what, before: null, after: text(now) }];
    if (old !== undefined && now === undefined)
      return [{ kind: "removed", what, before: text(old), after: null }];
    if (old === undefined || now === undefined || old === now) return [];
    if (inside) return inside(old, now, what);
    if (JSON.stringify(old) === JSON.stringify(now)) return [];
    return [{ kind: "changed", what, before: text(old), after: text(now) }];
  });
}

function nodeChanges(before: Node, after: Node, id: string): readonly Change[] {
  const values = compared(before.params, after.params, `${id}.`, compact).filter(
    ({ what }) => !same(before.params[what.slice(id.length + 1)], after.params[what.slice(id.length + 1)]),
  );
  const wires = compared(before.inputs, after.inputs, `${id}.`, String).filter(
    (change) => change.before !== change.after,
  );
  const other = (key: "type" | "title"): readonly Change[] =>
    before[key] === after[key]
      ? []
      : [{ kind: "changed", what: `${id} ${key}`, before: before[key] ?? "", after: after[key] ?? "" }];
  const inner: readonly Change[] =
    typeof before.graph === "object" && typeof after.graph === "object" && before.graph && after.graph
      ? changesBetween(before.graph, after.graph).map((change) => ({
          ...change,
          what: `${id}/${change.what}`,
        }))
      : [];
  return [
    ...other("type"),
    ...other("title"),
    ...extra(before, after, id, "bypass"),
    ...extra(before, after, id, "pin"),
    ...values,
    ...wires,
    ...inner,
  ];
}

function extra(before: Node, after: Node, id: string, part: "bypass" | "pin"): readonly Change[] {
  const text = ({ [part]: field }: Node) => (field === null ? null : compact(field));
  const [old, now] = [text(before), text(after)];
  if (old === now) return [];
  const kind = old === null ? "added" : now === null ? "removed" : "changed";
  return [{ kind, what: `${id} ${part}`, before: old, after: now }];
}

function nodeText(node: Node): string {
  return node.title ?? node.type;
}
