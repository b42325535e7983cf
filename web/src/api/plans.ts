/** What a run would do, and why; nothing runs. */

import type { Doc } from "../graph/document";
import { isList, isObject, numberOf } from "../graph/json";
import { parseJson } from "../graph/parse";
import { writeDocument } from "../graph/write";
import { ask } from "./http";

export interface Plan {
  /** By flat node id. */
  readonly nodes: ReadonlyMap<string, "run" | "cached">;
  readonly running: number;
  readonly seconds: number;
  /** Whether some of the time is not known. */
  readonly unknown: boolean;
}

export async function planOf(doc: Doc): Promise<Plan> {
  const raw = parseJson(await ask("/api/v1/plan", { method: "POST", body: { graph: writeDocument(doc) } }));
  const listed = isObject(raw) && isList(raw.nodes) ? raw.nodes : [];
  const nodes = new Map(
    listed.flatMap((entry): [string, "run" | "cached"][] =>
      isObject(entry) && typeof entry.node === "string"
        ? [[entry.node, entry.status === "run" || entry.status === "maybe" ? "run" : "cached"]]
        : [],
    ),
  );
  return {
    nodes,
    running: [...nodes.values()].filter((status) => status === "run").length,
    seconds: (isObject(raw) ? numberOf(raw.seconds) : undefined) ?? 0,
    unknown: isObject(raw) && raw.unknown === true,
  };
}

/** Why a node would run, in a sentence. */
export async function whyOf(doc: Doc, node: string): Promise<string> {
  const raw = parseJson(
    await ask("/api/v1/why", { method: "POST", body: { graph: writeDocument(doc), node } }),
  );
  return isObject(raw) && typeof raw.text === "string" ? raw.text : "";
}
