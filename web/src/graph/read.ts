/** Read a document from JSON, or say where it is none. */

import {
  type Bookmark,
  type Box,
  type Doc,
  FORMAT,
  type Frame,
  type Look,
  type Node,
  type Note,
  type Point,
  type PublicInput,
  type Table,
  type Wire,
  type WireLook,
} from "./document";
import { isList, isObject, type Json, type JsonObject, numberOf } from "./json";
import { isId, isPort } from "./link";
import { parseJson } from "./parse";

export class DocumentError extends Error {}

export function readText(text: string): Doc {
  return readDocument(parseJson(text));
}

export function readDocument(json: Json): Doc {
  return document(json, "the document");
}

function document(json: Json, where: string): Doc {
  const raw = object(json, where);
  known(raw, ["format", "name", "nodes", "inputs", "outputs", "ui"], where);
  if (raw.format !== undefined && raw.format !== FORMAT) {
    throw new DocumentError(`${where}: the format is not ${FORMAT}`);
  }
  return {
    name: text(raw.name ?? "", `${where}: name`),
    nodes: table(raw.nodes, `${where}: nodes`, isId, node),
    inputs: table(raw.inputs, `${where}: inputs`, isPort, publicInput),
    outputs: table(raw.outputs, `${where}: outputs`, isPort, text),
    ...readUi(raw.ui === undefined ? {} : object(raw.ui, `${where}: ui`)),
  };
}

function node(json: Json, where: string): Node {
  const raw = object(json, where);
  known(raw, ["type", "version", "title", "params", "inputs", "graph", "bypass", "pin"], where);
  const version = numberOf(raw.version ?? 1);
  if (version === undefined || !Number.isInteger(version) || version < 1) {
    throw new DocumentError(`${where}: version is a whole number from 1`);
  }
  const type = text(raw.type ?? null, `${where}: type`);
  if ((type === "Subgraph") !== (raw.graph !== undefined && raw.graph !== null)) {
    throw new DocumentError(`${where}: a Subgraph needs a graph, and no other node has one`);
  }
  return {
    type,
    version,
    title: optionalText(raw.title, `${where}: title`),
    params: table(raw.params, `${where}: params`, isPort, (value) => value),
    inputs: table(raw.inputs, `${where}: inputs`, isPort, wire),
    graph: inner(raw.graph, `${where}: graph`),
    bypass: bypass(raw.bypass, `${where}: bypass`),
    pin: raw.pin === undefined || raw.pin === null ? null : table(raw.pin, `${where}: pin`, isPort, wire),
  };
}

function inner(json: Json | undefined, where: string): Doc | string | null {
  if (json === undefined || json === null) return null;
  return typeof json === "string" ? json : document(json, where);
}

function bypass(json: Json | undefined, where: string): Table<string> | null {
  return json === undefined || json === null ? null : table(json, where, isPort, text);
}

function wire(json: Json, where: string): Wire {
  return isList(json) ? json.map((item) => text(item, where)) : text(json, where);
}

function publicInput(json: Json, where: string): PublicInput {
  const raw = object(json, where);
  known(raw, ["to", "title"], where);
  const to = raw.to ?? [];
  if (!isList(to)) throw new DocumentError(`${where}: 'to' is a list of ports`);
  return { to: to.map((item) => text(item, where)), title: optionalText(raw.title, `${where}: title`) };
}

type Ui = Pick<Doc, "positions" | "looks" | "frames" | "notes" | "wires" | "bookmarks" | "rest">;

/** Take what the editor knows out of `ui`; a part of another shape stays in `rest`, untouched. */
function readUi(ui: JsonObject): Ui {
  const positions = tableOf(ui.positions, point);
  const looks = tableOf(ui.looks, look);
  const frames = tableOf(ui.frames, frame);
  const notes = tableOf(ui.notes, note);
  const wires = tableOf(ui.wires, wireLook);
  const bookmarks = tableOf(ui.bookmarks, bookmark);
  const taken = { positions, looks, frames, notes, wires, bookmarks };
  const rest = Object.fromEntries(
    Object.entries(ui).filter(
      ([key]) => !Object.entries(taken).some(([name, value]) => name === key && value),
    ),
  );
  return {
    positions: positions ?? {},
    looks: looks ?? {},
    frames: frames ?? {},
    notes: notes ?? {},
    wires: wires ?? {},
    bookmarks: bookmarks ?? {},
    rest,
  };
}

function tableOf<V>(json: Json | undefined, read: (json: Json) => V | null): Table<V> | null {
  if (!isObject(json)) return null;
  const found: [string, V][] = [];
  for (const [key, value] of Object.entries(json)) {
    const entry = read(value);
    if (entry === null) return null;
    found.push([key, entry]);
  }
  return found.length > 0 ? Object.fromEntries(found) : null;
}

function point(json: Json): Point | null {
  if (!isList(json) || json.length !== 2) return null;
  const [x, y] = json;
  return typeof x === "number" && typeof y === "number" ? { x, y } : null;
}

function look(json: Json): Look | null {
  if (!isObject(json) || !only(json, ["collapsed", "colour"])) return null;
  const { collapsed = false, colour = null } = json;
  if (typeof collapsed !== "boolean" || !(colour === null || typeof colour === "string")) return null;
  return collapsed || colour !== null ? { collapsed, colour } : null;
}

function frame(json: Json): Frame | null {
  if (!isObject(json)) return null;
  const place = box(json);
  const { title = "", colour = null } = json;
  if (place === null || !only(json, ["box", "title", "colour"])) return null;
  if (typeof title !== "string" || !(colour === null || typeof colour === "string")) return null;
  return { ...place, title, colour };
}

function note(json: Json): Note | null {
  if (!isObject(json)) return null;
  const place = box(json);
  const { text: words = "" } = json;
  if (place === null || typeof words !== "string" || !only(json, ["box", "text"])) return null;
  return { ...place, text: words };
}

function wireLook(json: Json): WireLook | null {
  if (!isObject(json) || !only(json, ["points", "name"])) return null;
  const { points: raw = [], name = null } = json;
  if (!isList(raw) || !(name === null || (typeof name === "string" && name !== ""))) return null;
  const points = raw.flatMap((one) => point(one) ?? []);
  if (points.length < raw.length || (points.length === 0 && name === null)) return null;
  return json.points === undefined || points.length > 0 ? { points, name } : null;
}

function bookmark(json: Json): Bookmark | null {
  if (!isList(json) || json.length !== 3) return null;
  const [x, y, zoom] = json;
  if (typeof x !== "number" || typeof y !== "number" || typeof zoom !== "number") return null;
  return zoom > 0 ? { x, y, zoom } : null;
}

function box(json: JsonObject): Box | null {
  if (!isList(json.box) || json.box.length !== 4) return null;
  const [x, y, width, height] = json.box;
  if (typeof x !== "number" || typeof y !== "number") return null;
  return typeof width === "number" && typeof height === "number" ? { x, y, width, height } : null;
}

function only(json: JsonObject, keys: readonly string[]): boolean {
  return Object.keys(json).every((key) => keys.includes(key));
}

function table<V>(
  json: Json | undefined,
  where: string,
  legal: (key: string) => boolean,
  read: (value: Json, where: string) => V,
): Table<V> {
  if (json === undefined) return {};
  const entries = Object.entries(object(json, where)).map(([key, value]): [string, V] => {
    if (!legal(key)) throw new DocumentError(`${where}: ${JSON.stringify(key)} is not a name`);
    return [key, read(value, `${where}: ${key}`)];
  });
  return Object.fromEntries(entries);
}

function object(json: Json, where: string): JsonObject {
  if (!isObject(json)) throw new DocumentError(`${where} is not a JSON object`);
  return json;
}

function text(json: Json, where: string): string {
  if (typeof json !== "string") throw new DocumentError(`${where} is not a text`);
  return json;
}

function optionalText(json: Json | undefined, where: string): string | null {
  return json === undefined || json === null ? null : text(json, where);
}

function known(raw: JsonObject, keys: readonly string[], where: string): void {
  const strange = Object.keys(raw).find((key) => !keys.includes(key));
  if (strange !== undefined)
    throw new DocumentError(`${where}: there is no field ${JSON.stringify(strange)}`);
}
