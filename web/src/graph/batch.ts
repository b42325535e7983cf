/** Several runs of one graph, or the next one: which seeds they have. */

import { inputOf } from "./catalog";
import { at, type Doc, put, type Table } from "./document";
import { withInputs } from "./edit/applied";
import { setParam } from "./edit/nodes";
import { freshName } from "./ids";
import { type Json, numberOf } from "./json";
import { fieldKind } from "./layout/metrics";
import { parseLink, portLink } from "./link";
import { type Knowledge, specOf } from "./spec";

export type SeedControl = "fixed" | "increment" | "random";

/** A seed that can be set: a public input, or a port that nothing is wired to. */
export interface Seed {
  readonly input: string | null;
  readonly node: string;
  readonly port: string;
  readonly value: number;
}

export interface Wish {
  readonly control: SeedControl;
  readonly count: number;
  /** The graph was run as it stands, so that the next number is a new one. */
  readonly again: boolean;
  readonly random: () => number;
}

export interface Batch {
  /** The graph that is sent: every seed is a public input of it. */
  readonly sent: Doc;
  readonly values: Table<readonly number[]>;
  /** The person's graph with the seeds of the last run. */
  readonly last: Doc;
}

const SEEDS = 2 ** 32;

/** Plan runs over the seeds of a graph; null where it has none. */
export function batchOf(know: Knowledge, doc: Doc, wish: Wish): Batch | null {
  const seeds = seedsOf(know, doc);
  if (seeds.length === 0) return null;
  let [sent, last] = [doc, doc];
  const values: [string, readonly number[]][] = [];
  for (const seed of seeds) {
    const numbers = numbersFrom(seed.value, wish);
    const name = seed.input ?? freshName(sent.inputs, "batch_seed_");
    if (seed.input === null) {
      const field = { to: [portLink(seed.node, seed.port)], title: null };
      sent = { ...sent, inputs: put(sent.inputs, name, field) };
    }
    values.push([name, numbers]);
    last = withSeed(last, seed, numbers.at(-1) ?? seed.value);
  }
  return { sent, values: Object.fromEntries(values), last };
}

/** All seeds of the outermost graph that decide something. */
export function seedsOf(know: Knowledge, doc: Doc): readonly Seed[] {
  const open = Object.entries(doc.inputs).flatMap(([input, field]): Seed[] => {
    const link = parseLink(field.to[0] ?? "");
    return link ? [...seedAt(know, doc, link.node, link.port, input)] : [];
  });
  const taken = new Set(Object.values(doc.inputs).flatMap(({ to }) => to));
  const rest = Object.keys(doc.nodes).flatMap((id) =>
    specOf(know, doc, id)
      .inputs.filter(({ name }) => !taken.has(portLink(id, name)))
      .flatMap(({ name }) => seedAt(know, doc, id, name, null)),
  );
  return [...open, ...rest];
}

function seedAt(know: Knowledge, doc: Doc, id: string, name: string, input: string | null): readonly Seed[] {
  const node = at(doc.nodes, id);
  const port = inputOf(specOf(know, doc, id), name);
  if (!node || !port || fieldKind(port) !== "seed" || node.bypass !== null || node.pin !== null) return [];
  if (at(node.inputs, name) !== undefined) return [];
  const value: Json = at(node.params, name) ?? port.default;
  return [{ input, node: id, port: name, value: numberOf(value) ?? 0 }];
}

function numbersFrom(value: number, { control, count, again, random }: Wish): readonly number[] {
  const first = control === "increment" && again ? value + 1 : value;
  return Array.from({ length: count }, (_, step) => {
    if (control === "fixed") return value;
    return control === "random" ? Math.floor(random() * SEEDS) : (first + step) % SEEDS;
  });
}

function withSeed(doc: Doc, { input, node, port, value }: Seed, next: number): Doc {
  if (next === value) return doc;
  return input === null ? setParam(doc, node, port, next) : withInputs(doc, { [input]: next });
}
