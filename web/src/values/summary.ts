/** What the server says of a value, and where it gives its forms. */

import { ask } from "../api/http";
import { isList, isObject, type Json, type JsonObject, numberOf } from "../graph/json";
import { parseJson } from "../graph/parse";

export interface TensorFacts {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Of the numbers that are finite; null where there are none. */
  readonly min: number | null;
  readonly mean: number | null;
  readonly max: number | null;
  readonly std: number | null;
  readonly nan: number;
  readonly inf: number;
}

export interface Item {
  readonly type: string;
  readonly value: Json;
  readonly tensors: readonly TensorFacts[];
  readonly views: ReadonlySet<string>;
}

export interface Summary {
  readonly many: boolean;
  /** The content of each item. */
  readonly digests: readonly string[];
  /** Of a list, one for each item; null for what has left the cache. */
  readonly items: readonly (Item | null)[];
}

/** Where a value of a run is shown in a form. */
export function address(run: string, link: string, form: string, item = 0): string {
  const picked = item > 0 ? `&item=${item}` : "";
  return `/api/v1/runs/${run}/values/${encodeURIComponent(link)}?as=${form}${picked}`;
}

export async function fetchSummary(run: string, link: string): Promise<Summary> {
  return readSummary(parseJson(await ask(address(run, link, "summary"))));
}

export async function fetchJson(run: string, link: string): Promise<Json> {
  return parseJson(await ask(address(run, link, "json")));
}

export function readSummary(json: Json): Summary {
  const raw = isObject(json) ? json : {};
  const items = isList(raw.summaries) ? raw.summaries : [];
  const digests = isList(raw.digests) ? raw.digests.filter((digest) => typeof digest === "string") : [];
  return {
    many: raw.many === true,
    digests,
    items: items.map((item) => (isObject(item) ? readItem(item) : null)),
  };
}

function readItem(raw: JsonObject): Item {
  const tensors = isObject(raw.tensors) ? Object.entries(raw.tensors) : [];
  const views = isList(raw.views) ? raw.views.filter((view) => typeof view === "string") : [];
  return {
    type: typeof raw.type === "string" ? raw.type : "",
    value: raw.value ?? null,
    tensors: tensors.flatMap(([name, facts]) => (isObject(facts) ? [readTensor(name, facts)] : [])),
    views: new Set(views),
  };
}

function readTensor(name: string, raw: JsonObject): TensorFacts {
  const figure = (key: string) => numberOf(raw[key]) ?? null;
  const shape = isList(raw.shape) ? raw.shape.map((length) => numberOf(length) ?? 0) : [];
  return {
    name,
    dtype: typeof raw.dtype === "string" ? raw.dtype : "",
    shape,
    min: figure("min"),
    mean: figure("mean"),
    max: figure("max"),
    std: figure("std"),
    nan: figure("nan") ?? 0,
    inf: figure("inf") ?? 0,
  };
}
