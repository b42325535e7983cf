/** The node types that can be placed, as the server describes them. */

import { at, type Table } from "./document";
import { isList, isObject, type Json, type JsonObject } from "./json";

/** What flows through a port: `Image`, `list[Image]`, a variable `T` that what is wired binds. */
export interface PortType {
  readonly name: string;
  readonly many: boolean;
}

export interface Widget {
  readonly kind: string;
  readonly options: JsonObject;
}

export interface InputSpec {
  readonly name: string;
  readonly type: PortType;
  readonly required: boolean;
  readonly default: Json;
  /** The JSON form of the port; null where it can only be wired. */
  readonly schema: JsonObject | null;
  readonly widget: Widget | null;
  readonly lazy: boolean;
  readonly help: string;
}

export interface OutputSpec {
  readonly name: string;
  readonly type: PortType;
  readonly optional: boolean;
}

export interface NodeSpec {
  readonly type: string;
  readonly title: string;
  readonly help: string;
  readonly category: string;
  readonly version: number;
  /** Where it works: `gpu`, `cpu`, or `io` for what reads files or the network. */
  readonly lane: string;
  readonly inputs: readonly InputSpec[];
  readonly outputs: readonly OutputSpec[];
  /** Whether the catalog knows it; a placeholder is drawn from what the document says. */
  readonly known: boolean;
}

export type Catalog = Table<NodeSpec>;

export class CatalogError extends Error {}

export function parseType(text: string): PortType {
  const listed = /^list\[(.+)\]$/.exec(text)?.[1];
  return listed === undefined ? { name: text, many: false } : { name: listed, many: true };
}

export function typeText(type: PortType): string {
  return type.many ? `list[${type.name}]` : type.name;
}

export function isVariable(type: PortType): boolean {
  return type.name.length === 1;
}

export function inputOf(spec: NodeSpec, name: string): InputSpec | undefined {
  return spec.inputs.find((port) => port.name === name);
}

export function outputOf(spec: NodeSpec, name: string): OutputSpec | undefined {
  return spec.outputs.find((port) => port.name === name);
}

/** Read the catalog as `GET /api/v1/nodes` and `promptograph nodes --json` give it. */
export function readCatalog(json: Json): Catalog {
  const nodes = isObject(json) ? json.nodes : undefined;
  if (!isObject(nodes)) throw new CatalogError("the catalog has no nodes");
  return Object.fromEntries(Object.entries(nodes).map(([type, spec]) => [type, readSpec(spec)]));
}

function readSpec(json: Json): NodeSpec {
  const raw = object(json);
  return {
    type: text(raw, "type"),
    title: text(raw, "title"),
    help: text(raw, "help"),
    category: text(raw, "category"),
    version: typeof raw.version === "number" ? raw.version : 1,
    lane: text(raw, "lane"),
    inputs: list(raw, "inputs").map(readInput),
    outputs: list(raw, "outputs").map(readOutput),
    known: true,
  };
}

function readInput(json: Json): InputSpec {
  const raw = object(json);
  return {
    name: text(raw, "name"),
    type: parseType(text(raw, "type")),
    required: raw.required === true,
    default: raw.default ?? null,
    schema: isObject(raw.schema) ? raw.schema : null,
    widget: readWidget(raw.widget),
    lazy: raw.lazy === true,
    help: text(raw, "help"),
  };
}

function readWidget(json: Json | undefined): Widget | null {
  if (!isObject(json)) return null;
  return { kind: text(json, "kind"), options: isObject(json.options) ? json.options : {} };
}

function readOutput(json: Json): OutputSpec {
  const raw = object(json);
  return { name: text(raw, "name"), type: parseType(text(raw, "type")), optional: raw.optional === true };
}

function object(json: Json): JsonObject {
  if (!isObject(json)) throw new CatalogError("a part of the catalog is not an object");
  return json;
}

function text(raw: JsonObject, key: string): string {
  const value = at(raw, key) ?? "";
  if (typeof value !== "string") throw new CatalogError(`${key} in the catalog is not a text`);
  return value;
}

function list(raw: JsonObject, key: string): readonly Json[] {
  const value = raw[key];
  if (!isList(value)) throw new CatalogError(`${key} in the catalog is not a list`);
  return value;
}
