/** Write a document as JSON: the same fields that `graphs.save.document` writes. */

import { canonical } from "./canonical";
import {
  type Box,
  type Doc,
  FORMAT,
  type Frame,
  type Look,
  type Node,
  type Note,
  type PublicInput,
  type Table,
  type WireLook,
} from "./document";
import type { Json, JsonObject } from "./json";

/** The canonical text of a document, as the Python side saves it. */
export function documentText(doc: Doc): string {
  return canonical(writeDocument(doc));
}

export function writeDocument(doc: Doc): JsonObject {
  return {
    format: FORMAT,
    ...(doc.name ? { name: doc.name } : {}),
    ...filled("nodes", tableJson(doc.nodes, writeNode)),
    ...filled("inputs", tableJson(doc.inputs, publicInput)),
    ...filled("outputs", doc.outputs),
    ...filled("ui", writeUi(doc)),
  };
}

export function writeNode(node: Node): JsonObject {
  return {
    type: node.type,
    version: node.version,
    ...(node.title === null ? {} : { title: node.title }),
    ...filled("params", node.params),
    ...filled("inputs", node.inputs),
    ...(node.graph === null
      ? {}
      : { graph: typeof node.graph === "string" ? node.graph : writeDocument(node.graph) }),
    ...(node.bypass === null ? {} : { bypass: node.bypass }),
    ...(node.pin === null ? {} : { pin: node.pin }),
  };
}

function publicInput(field: PublicInput): JsonObject {
  return {
    ...(field.to.length > 0 ? { to: field.to } : {}),
    ...(field.title === null ? {} : { title: field.title }),
  };
}

function writeUi(doc: Doc): JsonObject {
  return {
    ...doc.rest,
    ...filled(
      "positions",
      tableJson(doc.positions, ({ x, y }) => [x, y]),
    ),
    ...filled("looks", tableJson(doc.looks, look)),
    ...filled("frames", tableJson(doc.frames, frame)),
    ...filled("notes", tableJson(doc.notes, note)),
    ...filled("wires", tableJson(doc.wires, wireLook)),
    ...filled(
      "bookmarks",
      tableJson(doc.bookmarks, ({ x, y, zoom }) => [x, y, zoom]),
    ),
  };
}

function look(value: Look): JsonObject {
  return {
    ...(value.collapsed ? { collapsed: true } : {}),
    ...(value.colour === null ? {} : { colour: value.colour }),
  };
}

function frame(value: Frame): JsonObject {
  const { title, colour } = value;
  return { box: box(value), ...(title ? { title } : {}), ...(colour === null ? {} : { colour }) };
}

function note(value: Note): JsonObject {
  return { box: box(value), ...(value.text ? { text: value.text } : {}) };
}

function wireLook({ points, name }: WireLook): JsonObject {
  return {
    ...(points.length > 0 ? { points: points.map(({ x, y }) => [x, y]) } : {}),
    ...(name === null ? {} : { name }),
  };
}

function box({ x, y, width, height }: Box): Json {
  return [x, y, width, height];
}

function tableJson<V>(table: Table<V>, write: (value: V) => Json): JsonObject {
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [key, write(value)]));
}

function filled(key: string, value: JsonObject): JsonObject {
  return Object.keys(value).length > 0 ? { [key]: value } : {};
}
