/** Many runs of one graph over values of its public inputs. */

import type { Doc } from "../graph/document";
import { isList, isObject, type Json, type JsonObject, numberOf } from "../graph/json";
import { parseJson } from "../graph/parse";
import { writeDocument } from "../graph/write";
import { ask } from "./http";

export interface AxisOf {
  readonly input: string;
  readonly values: readonly Json[];
}

export interface Cell {
  readonly index: number;
  readonly run: string;
  readonly status: string;
  /** A public output that can be seen: `decode.image`. */
  readonly picture: string | null;
  readonly message: string | null;
}

const SWEEPS = "/api/v1/sweeps";
const PICTURES = new Set(["Image", "Mask"]);

/** Begin a sweep; the last axis changes fastest. */
export async function beginSweep(doc: Doc, axes: readonly AxisOf[]): Promise<string> {
  return begin(
    doc,
    axes.map(({ input, values }) => ({ [input]: values })),
  );
}

/** Begin a sweep whose inputs change together. */
export async function beginBatch(doc: Doc, values: JsonObject): Promise<string> {
  return begin(doc, [values]);
}

async function begin(doc: Doc, axes: readonly JsonObject[]): Promise<string> {
  const body = { graph: writeDocument(doc), axes: axes.map((values) => ({ values })) };
  const headers = { "Idempotency-Key": crypto.randomUUID() };
  const raw = parseJson(await ask(SWEEPS, { method: "POST", body, headers }));
  return isObject(raw) && typeof raw.id === "string" ? raw.id : "";
}

export async function cellsOf(sweep: string): Promise<readonly Cell[]> {
  const raw = parseJson(await ask(`${SWEEPS}/${sweep}/results?limit=100`));
  const runs = isObject(raw) && isList(raw.runs) ? raw.runs : [];
  return runs.flatMap((run) => (isObject(run) ? [readCell(run)] : []));
}

export async function cancelSweep(sweep: string): Promise<void> {
  await ask(`${SWEEPS}/${sweep}/cancel`, { method: "POST", body: {} });
}

function readCell(run: JsonObject): Cell {
  const cell = isObject(run.cell) ? run.cell : {};
  const fault = isObject(run.fault) ? run.fault : {};
  return {
    index: numberOf(cell.index) ?? 0,
    run: typeof run.id === "string" ? run.id : "",
    status: typeof run.status === "string" ? run.status : "",
    picture: pictureOf(run.outputs),
    message: typeof fault.message === "string" ? fault.message : null,
  };
}

/** The link of the first output that is a picture; of a list its first. */
export function pictureOf(outputs: Json | undefined): string | null {
  for (const output of Object.values(isObject(outputs) ? outputs : {})) {
    if (!isObject(output) || typeof output.link !== "string" || typeof output.type !== "string") continue;
    if (PICTURES.has(output.type)) return output.many === true ? `${output.link}[0]` : output.link;
  }
  return null;
}
