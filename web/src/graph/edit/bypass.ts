/** Bypass, mute and let nodes run again. */

import { passing, runningOf } from "../bypass";
import { type Doc, put, type Table } from "../document";
import type { Knowledge } from "../spec";

/** Bypass nodes, or let them run again where all of them are bypassed. */
export function toggleBypass(know: Knowledge, doc: Doc, ids: Iterable<string>): Doc {
  const made = (id: string) => passing(know, doc, id);
  return toggled(doc, ids, made, (id) => {
    const node = doc.nodes[id];
    return node?.bypass != null && (runningOf(node) === "bypassed" || Object.keys(made(id)).length === 0);
  });
}

/** Mute nodes, or let them run again where all of them are muted. */
export function toggleMute(doc: Doc, ids: Iterable<string>): Doc {
  return toggled(
    doc,
    ids,
    () => ({}),
    (id) => {
      const node = doc.nodes[id];
      return node !== undefined && runningOf(node) === "muted";
    },
  );
}

/** Say which input an output passes on; null: none. */
export function setPassing(doc: Doc, id: string, output: string, input: string | null): Doc {
  const node = doc.nodes[id];
  if (!node || node.bypass === null) return doc;
  return withBypass(doc, id, put(node.bypass, output, input ?? undefined));
}

function toggled(
  doc: Doc,
  ids: Iterable<string>,
  make: (id: string) => Table<string>,
  isSo: (id: string) => boolean,
): Doc {
  const all = [...ids].filter((id) => Object.hasOwn(doc.nodes, id));
  const off = all.every(isSo);
  return all.reduce((next, id) => withBypass(next, id, off ? null : make(id)), doc);
}

function withBypass(doc: Doc, id: string, bypass: Table<string> | null): Doc {
  const node = doc.nodes[id];
  return node ? { ...doc, nodes: put(doc.nodes, id, { ...node, bypass }) } : doc;
}
