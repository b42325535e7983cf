/** Read what a person typed as the values of an axis. */

import { isList, type Json, numberOf } from "../graph/json";
import type { PublicField } from "./PublicFields";

/** The values, or the first text that does not fit the input. `1..5` counts. */
export function sweepValues(field: PublicField, text: string): readonly Json[] | { readonly bad: string } {
  const parts = text
    .split(field.kind === "prompt" || field.kind === "line" ? /[,\n]/ : /[,;\s]+/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const values: Json[] = [];
  for (const part of parts) {
    const found = valuesOf(field, part);
    if (found === null) return { bad: part };
    values.push(...found);
  }
  return values;
}

const MANY = 100;

function valuesOf({ kind, port }: PublicField, text: string): readonly Json[] | null {
  const choices = port.schema?.enum;
  if (isList(choices)) return choices.includes(text) ? [text] : null;
  if (kind === "toggle") return text === "true" || text === "false" ? [text === "true"] : null;
  if (kind !== "number" && kind !== "slider" && kind !== "seed") return [text];
  const [, from, to] = /^(-?\d+)\.\.(-?\d+)$/.exec(text) ?? [];
  if (from !== undefined && to !== undefined) {
    const count = Number(to) - Number(from) + 1;
    if (count < 1 || count > MANY) return null;
    return Array.from({ length: count }, (_, at) => Number(from) + at);
  }
  const value = Number(text);
  const least = numberOf(port.schema?.minimum) ?? Number.NEGATIVE_INFINITY;
  const most = numberOf(port.schema?.maximum) ?? Number.POSITIVE_INFINITY;
  const whole = port.schema?.type !== "integer" || Number.isInteger(value);
  return Number.isFinite(value) && value >= least && value <= most && whole ? [value] : null;
}
