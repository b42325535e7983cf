/** What a run would do, and why; nothing runs. */

import type { Doc } from "../graph/document";
import { isList, isObject, numberOf } from "../graph/json";
import { parseJson } from "../graph/parse";
import { writeDocument } from "../graph/write";
import { ask } from "./http";

/** What will become of a node; one that is refused has a file or a pinned value that is not there. */
export type Fate = "run" | "cached" | "pinned" | "refused";

export interface Plan {
  /** By flat node id. */
  readonly nodes: ReadonlyMap<string, Fate>;
  readonly running: number;
  readonly seconds: number;
  /** Whether some of the time is not known. */
  readonly unknown: boolean;
}

export async function planOf(doc: Doc): Promise<Plan> {
  const raw = parseJson(await ask("/api/v1/plan", { method: "POST", body: { graph: writeDocument(doc) } }));
  const listed = isObject(raw) && isList(raw.nodes) ? raw.nodes : [];
  const nodes = new Map(
    listed.flatMap((entry): [string, Fate][] =>
      isObject(entry) && typeof entry.node === "string" ? [[entry.node, fateOf(entry.status)]] : [],
    ),
  );
  return {
    nodes,
    running: [...nodes.values()].filter((status) => status === "run").length,
    seconds: (isObject(raw) ? numberOf(raw.seconds) : undefined) ?? 0,
    unknown: isObject(raw) && raw.unknown === true,
  };
}

function fateOf(status: unknown): Fate {
  if (status === "pinned" || status === "refused") return status;
  return status === "run" || status === "maybe" ? "run" : "cached";
}

/** Why a node would run, in a sentence. */
export async function whyOf(doc: Doc, node: string): Promise<string> {
  const raw = parseJson(
    await ask("/api/v1/why", { method: "POST", body: { graph: writeDocument(doc), node } }),
  );
  return isObject(raw) && typeof raw.text === "string" ? raw.text : "";
}
