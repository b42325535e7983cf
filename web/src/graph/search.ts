/** Find node types and commands by a few letters: fuzzy, by synonyms, recent ones first. */

import type { Catalog, NodeSpec, PortType } from "./catalog";
import { fits } from "./compat";

/** Words that people of other tools type, and the node types that they mean. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  ksampler: ["Sampler"],
  denoise: ["Sampler"],
  sample: ["Sampler"],
  clip: ["TextEncoder", "Tokenizer"],
  "clip text encode": ["TextEncoder", "Tokenizer"],
  prompt: ["Tokenizer", "TextEncoder", "Text"],
  model: ["Checkpoint"],
  load: ["Checkpoint", "LoadImage"],
  unet: ["Checkpoint"],
  noise: ["EmptyLatent", "DrawLatent"],
  size: ["EmptyLatent", "ResizeImage"],
  vae: ["VAEDecode", "VAEEncode"],
  picture: ["LoadImage", "VAEDecode"],
  scale: ["ResizeImage", "CFG"],
  upscale: ["ResizeImage"],
  guidance: ["CFG"],
  negative: ["CFG"],
  number: ["Integer", "Float"],
  constant: ["Integer", "Float", "Text"],
  string: ["Text", "TextList"],
  concat: ["JoinText"],
  if: ["Choose"],
  switch: ["Choose"],
  random: ["Seeds"],
  batch: ["Seeds", "List", "EmptyLatent"],
};

export interface Scored<T> {
  readonly item: T;
  readonly score: number;
}

/** Rank items by a query; an empty query keeps their order, recent ones first. */
export function rank<T>(
  query: string,
  items: readonly T[],
  words: (item: T) => readonly string[],
  bonus: (item: T) => number,
): readonly T[] {
  const wanted = query.trim().toLowerCase();
  const scored = items.flatMap((item): Scored<T>[] => {
    const score =
      wanted === ""
        ? 1
        : Math.max(0, ...words(item).map((word, at) => fuzzy(wanted, word) * (at === 0 ? 1 : 0.8)));
    return score > 0 ? [{ item, score: score + bonus(item) }] : [];
  });
  return scored.sort((a, b) => b.score - a.score).map(({ item }) => item);
}

/** Say how well letters match a text, 0 to 1: a whole word, a start of a word, or the letters in their order. */
export function fuzzy(query: string, text: string): number {
  const words = text.toLowerCase();
  if (words === query) return 1;
  const place = words.indexOf(query);
  if (place === 0) return 0.9;
  if (place > 0) return /[^a-z0-9]/.test(words[place - 1] ?? "") ? 0.8 : 0.6;
  return inOrder(query.replaceAll(" ", ""), words);
}

function inOrder(letters: string, text: string): number {
  let at = -1;
  let gaps = 0;
  for (const letter of letters) {
    const next = text.indexOf(letter, at + 1);
    if (next < 0) return 0;
    gaps += at < 0 ? Math.min(next, 2) : next - at - 1;
    at = next;
  }
  return 0.5 / (1 + gaps / Math.max(letters.length, 1));
}

export function searchNodes(catalog: Catalog, query: string, recent: readonly string[]): readonly NodeSpec[] {
  const meant = SYNONYMS[query.trim().toLowerCase()] ?? [];
  const bonus = (spec: NodeSpec) => {
    const place = recent.indexOf(spec.type);
    return (place < 0 ? 0 : 0.09 / (place + 1)) + (meant.includes(spec.type) ? 0.15 : 0);
  };
  const specs = Object.values(catalog).sort((a, b) => a.title.localeCompare(b.title));
  return rank(query, specs, nodeWords, bonus);
}

function nodeWords(spec: NodeSpec): readonly string[] {
  const meant = Object.keys(SYNONYMS).filter((word) => SYNONYMS[word]?.includes(spec.type));
  return [spec.title, spec.type, ...meant, spec.category];
}

/** What a dragged wire wants: an input for what an output gives, or an output for what an input takes. */
export type Need = { readonly gives: PortType } | { readonly takes: PortType };

export interface Candidate {
  readonly spec: NodeSpec;
  readonly port: string;
  readonly type: PortType;
}

/** The node types that a dragged wire fits, with the port it would go to. */
export function candidates(catalog: Catalog, need: Need): readonly Candidate[] {
  return Object.values(catalog).flatMap((spec): Candidate[] => {
    const port =
      "gives" in need
        ? best(
            spec.inputs.filter((input) => fits(catalog, need.gives, input.type, input.lazy).ok),
            need.gives,
          )
        : best(
            spec.outputs.filter((output) => fits(catalog, output.type, need.takes).ok),
            need.takes,
          );
    return port ? [{ spec, port: port.name, type: port.type }] : [];
  });
}

/** The port of the very type first: a variable takes anything. */
function best<P extends { readonly type: PortType }>(ports: readonly P[], type: PortType): P | undefined {
  return ports.find((port) => port.type.name === type.name && port.type.many === type.many) ?? ports[0];
}
