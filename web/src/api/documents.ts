/** Graphs that the server keeps: saved with revisions, taken elsewhere, looked at, shared. */

import type { Doc } from "../graph/document";
import { isList, isObject, type Json, type JsonObject, numberOf } from "../graph/json";
import { parseJson } from "../graph/parse";
import { DocumentError, readDocument } from "../graph/read";
import { writeDocument } from "../graph/write";
import { ask, askBytes, sendFile } from "./http";

const GRAPHS = "/api/v1/graphs";

/** Where a document is saved, and the revision that is known here. */
export interface Remote {
  readonly id: string;
  readonly revision: number;
}

export interface Saved extends Remote {
  readonly name: string;
  /** In seconds since 1970. */
  readonly saved: number;
}

export interface Imported {
  readonly doc: Doc;
  readonly kind: string;
  readonly inputs: JsonObject;
  readonly problems: readonly string[];
  readonly missing: readonly string[];
  readonly refused: readonly string[];
  readonly plan: string | null;
}

export type Form = "json" | "png" | "python" | "curl";

export async function savedGraphs(): Promise<readonly Saved[]> {
  const page = object(parseJson(await ask(`${GRAPHS}?limit=50`)));
  return isList(page.graphs) ? page.graphs.map((graph) => readSaved(object(graph))) : [];
}

export async function openSaved(id: string): Promise<{ readonly doc: Doc; readonly remote: Remote }> {
  const saved = object(parseJson(await ask(`${GRAPHS}/${id}`)));
  return { doc: documentOf(saved), remote: readSaved(saved) };
}

/** Save a document as its next revision, or as a new graph; a conflict is thrown as the server tells it (412). */
export async function saveDocument(doc: Doc, remote: Remote | null): Promise<Remote> {
  const body = { document: writeDocument(doc), name: doc.name };
  const text = remote
    ? await ask(`${GRAPHS}/${remote.id}`, { method: "PUT", body, headers: revision(remote) })
    : await ask(GRAPHS, { method: "POST", body });
  return readSaved(object(parseJson(text)));
}

export interface Revision {
  readonly revision: number;
  /** In seconds since 1970. */
  readonly saved: number;
}

/** The states of a saved graph, the latest first. */
export async function revisionsOf(id: string): Promise<readonly Revision[]> {
  const page = object(parseJson(await ask(`${GRAPHS}/${id}/revisions`)));
  return isList(page.revisions) ? page.revisions.map((one) => readSaved(object(one))) : [];
}

export async function openRevision(id: string, revision: number): Promise<Doc> {
  return documentOf(object(parseJson(await ask(`${GRAPHS}/${id}/revisions/${revision}`))));
}

export async function deleteSaved(remote: Remote): Promise<void> {
  await ask(`${GRAPHS}/${remote.id}`, { method: "DELETE", headers: revision(remote) });
}

/** A graph, or a run with its picture, as a file. */
export async function exported(
  form: Form,
  from: { readonly doc: Doc } | { readonly run: string },
): Promise<Blob> {
  const what = "run" in from ? { run: from.run } : { graph: writeDocument(from.doc) };
  return new Blob([await askBytes("/api/v1/export", { method: "POST", body: { as: form, ...what } })]);
}

/** What a file holds; nothing of it is kept and nothing runs. */
export async function inspected(file: Blob): Promise<Imported> {
  const raw = object(parseJson(await sendFile("/api/v1/import", file)));
  return {
    doc: readDocument(raw.graph ?? null),
    kind: text(raw.kind),
    inputs: isObject(raw.inputs) ? raw.inputs : {},
    problems: messages(raw.problems, "message"),
    missing: isList(raw.missing) ? raw.missing.map(text) : [],
    refused: messages(raw.refused, "reason"),
    plan: typeof raw.plan === "string" ? raw.plan : null,
  };
}

/** A link that shows a run to whoever holds it. */
export async function shareRun(run: string): Promise<string> {
  const made = object(parseJson(await ask("/api/v1/shares", { method: "POST", body: { run } })));
  return text(made.path);
}

export function documentOf(saved: JsonObject): Doc {
  return readDocument(saved.document ?? null);
}

export function readSaved(raw: JsonObject): Saved {
  return {
    id: text(raw.id),
    name: text(raw.name),
    revision: numberOf(raw.revision) ?? 0,
    saved: numberOf(raw.saved) ?? 0,
  };
}

function revision(remote: Remote): Readonly<Record<string, string>> {
  return { "If-Match": `"${remote.revision}"` };
}

function object(json: Json): JsonObject {
  if (!isObject(json)) throw new DocumentError("the answer is no record");
  return json;
}

function text(json: Json | undefined): string {
  return typeof json === "string" ? json : "";
}

function messages(json: Json | undefined, key: string): readonly string[] {
  return isList(json) ? json.map((one) => (isObject(one) ? text(one[key]) : "")) : [];
}
