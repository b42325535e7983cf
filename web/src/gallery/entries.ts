/** What runs made to look at or to hear: one entry for each content, the newest run that made it first. */

import type { Run } from "../api/types";
import type { Doc } from "../graph/document";
import type { Json } from "../graph/json";

export type Kind = "picture" | "video" | "audio";

export interface Entry {
  /** The digest of the content: the same picture made twice is one entry, and keeps its rating. */
  readonly digest: string;
  readonly kind: Kind;
  readonly run: Run;
  /** An item of a list is named: `decode.image[2]`. */
  readonly link: string;
}

const KINDS: Readonly<Record<string, Kind>> = {
  Image: "picture",
  Mask: "picture",
  Video: "video",
  Audio: "audio",
};

export function entriesOf(runs: readonly Run[]): readonly Entry[] {
  const found = new Map<string, Entry>();
  for (const run of [...runs].sort((a, b) => b.number - a.number)) {
    for (const entry of made(run)) if (!found.has(entry.digest)) found.set(entry.digest, entry);
  }
  return [...found.values()];
}

function made(run: Run): readonly Entry[] {
  return Object.values(run.outputs ?? {}).flatMap(({ link, type, digests, many }): readonly Entry[] => {
    const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
    if (!kind) return [];
    return digests.map((digest, at) => ({ digest, kind, run, link: many ? `${link}[${at}]` : link }));
  });
}

/** Whether every word that is searched occurs: in the graph's name, or in a text that went in. */
export function matches(entry: Entry, doc: Doc | null, query: string): boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const text = [entry.run.name, ...texts(entry.run.inputs), ...(doc ? documentTexts(doc) : [])]
    .join("\n")
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

/** What people wrote into a graph: of subgraphs too. */
function documentTexts(doc: Doc): readonly string[] {
  return Object.values(doc.nodes).flatMap((node) => [
    ...texts(node.params),
    ...(typeof node.graph === "object" && node.graph !== null ? documentTexts(node.graph) : []),
  ]);
}

function texts(table: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.values(table).flatMap((value) =>
    Array.isArray(value) ? value.filter(isText) : isText(value) ? [value] : [],
  );
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** The exact public inputs of a run, in the order of its form: as given, else as the document says; null for a default. */
export function inputsOf(
  doc: Doc,
  given: Readonly<Record<string, Json>>,
): readonly { readonly name: string; readonly title: string; readonly value: Json | null }[] {
  return Object.entries(doc.inputs).map(([name, { title, to }]) => ({
    name,
    title: title ?? name,
    value: Object.hasOwn(given, name) ? (given[name] ?? null) : set(doc, to[0] ?? ""),
  }));
}

function set(doc: Doc, link: string): Json | null {
  const [path = "", port = ""] = link.split(".");
  const [top = "", ...inner] = path.split("/");
  const node = Object.hasOwn(doc.nodes, top) ? doc.nodes[top] : undefined;
  if (!node) return null;
  if (inner.length === 0) return Object.hasOwn(node.params, port) ? (node.params[port] ?? null) : null;
  return typeof node.graph === "object" && node.graph ? set(node.graph, `${inner.join("/")}.${port}`) : null;
}

/** A name for a file that says which graph and run it comes from. */
export function fileName({ run, link, digest }: Entry, suffix: string): string {
  const name = (run.name || "graph").normalize("NFC").replace(/[^\p{L}\p{N}]+/gu, "-");
  return `${name.replace(/^-+|-+$/g, "") || "graph"}-${run.number}-${link.replace(/[^\w]+/g, "-").replace(/-$/, "")}-${digest.slice(0, 8)}.${suffix}`;
}
