/** Tokens with the words that they stand for. */

import { isList, isObject, type Json, type JsonObject, numberOf } from "../graph/json";

export interface Token {
  readonly at: number;
  readonly chunk: number;
  readonly id: number | null;
  /** The part of the text; null for marks of begin, end and padding. */
  readonly word: string | null;
  readonly weight: number;
}

export interface Worded {
  readonly tokens: readonly Token[];
  readonly padding: number;
  readonly truncated: string;
}

/** Join what the tokenizer made of a text: ids by place, and the words that stand at places. Either may be absent. */
export function wordedTokens(tokens: Json | null, words: Json | null): Worded {
  const set = first(isObject(tokens ?? undefined) && isObject(tokens) ? tokens.sets : null);
  const spans = spansOf(words);
  const chunks = set ? rows(set.ids) : [];
  const masks = set ? rows(set.mask) : [];
  const weights = set ? rows(set.weights) : [];
  const truncated = isObject(words ?? undefined) && isObject(words) ? words.truncated : "";
  if (chunks.length === 0) {
    return { tokens: spans, padding: 0, truncated: typeof truncated === "string" ? truncated : "" };
  }
  const all = chunks.flatMap((ids, chunk) =>
    ids.map((id, at): Token & { readonly real: boolean } => {
      const span = spans.find((other) => other.chunk === chunk && other.at === at);
      const weight = weights[chunk]?.[at] ?? 1;
      return { at, chunk, id, word: span?.word ?? null, weight, real: (masks[chunk]?.[at] ?? 1) > 0 };
    }),
  );
  const real = all.filter((token) => token.real);
  return {
    tokens: real,
    padding: all.length - real.length,
    truncated: typeof truncated === "string" ? truncated : "",
  };
}

function spansOf(words: Json | null): readonly Token[] {
  const spans = words !== null && isObject(words) && isList(words.spans) ? words.spans : [];
  return spans.flatMap((span): Token[] =>
    isObject(span)
      ? [
          {
            at: numberOf(span.position) ?? 0,
            chunk: numberOf(span.chunk) ?? 0,
            id: null,
            word: typeof span.text === "string" ? span.text : "",
            weight: numberOf(span.weight) ?? 1,
          },
        ]
      : [],
  );
}

function first(list: Json | undefined): JsonObject | null {
  const [one] = isList(list) ? list : [];
  return isObject(one) ? one : null;
}

/** A list of lists of numbers; a flat list is one row. */
function rows(json: Json | undefined): readonly (readonly number[])[] {
  if (!isList(json)) return [];
  if (json.some(isList))
    return json.map((row) => (isList(row) ? row.map((value) => numberOf(value) ?? 0) : []));
  return [json.map((value) => numberOf(value) ?? 0)];
}
