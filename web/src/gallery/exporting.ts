/** Take pictures out of the gallery: one ZIP with the files and a list of what made each. */

import { askBytes, ServerError } from "../api/http";
import { t } from "../app/i18n";
import { say } from "../app/view";
import { canonical } from "../graph/canonical";
import { isObject, type Json, type JsonObject } from "../graph/json";
import { parseJson } from "../graph/parse";
import { address } from "../values/summary";
import { learnGraphs, useCollection } from "./collection";
import { type Entry, fileName, inputsOf, type Kind } from "./entries";
import { starsOf } from "./ratings";
import { type Packed, zip } from "./zip";

const FORMS: Readonly<Record<Kind, string>> = { picture: "png", video: "mp4", audio: "wav" };

export async function exportEntries(entries: readonly Entry[]): Promise<void> {
  await learnGraphs(entries.map(({ run }) => run.id));
  const files: Packed[] = [];
  for (const entry of entries) files.push(...(await fileOf(entry)));
  if (files.length === 0) {
    say(t("gallery.allGone"), "error");
    return;
  }
  const kept = new Set(files.map(({ name }) => name));
  const list = entries.map(listed).filter(({ file }) => kept.has(file));
  const text = new TextEncoder().encode(canonical(list));
  save(zip([...files, { name: "pictures.json", bytes: text }]), "pictures.zip");
  const gone = entries.length - files.length;
  say(gone === 0 ? t("gallery.exported", { count: files.length }) : t("gallery.someGone", { count: gone }));
}

/** Nothing for what has left the cache. */
async function fileOf(entry: Entry): Promise<readonly Packed[]> {
  const form = FORMS[entry.kind];
  try {
    const bytes = await askBytes(address(entry.run.id, entry.link, form));
    return [{ name: fileName(entry, form), bytes: new Uint8Array(bytes) }];
  } catch (error) {
    if (error instanceof ServerError) return [];
    throw error;
  }
}

function listed(entry: Entry): JsonObject & { readonly file: string } {
  const { run, link, digest, kind } = entry;
  const doc = useCollection.getState().graphs.get(run.id);
  const given: Json = parseJson(JSON.stringify(run.inputs));
  const inputs = doc ? inputsOf(doc, isObject(given) ? given : {}) : [];
  return {
    file: fileName(entry, FORMS[kind]),
    graph: run.name,
    run: run.id,
    link,
    digest,
    stars: starsOf(digest),
    created: new Date(run.created * 1000).toISOString(),
    models: [...(run.models ?? [])],
    inputs: Object.fromEntries(inputs.map(({ name, value }) => [name, value])),
  };
}

function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
