/** The numbers that a port allows, and how far a step goes. */

import type { InputSpec } from "../graph/catalog";
import { evaluate } from "../graph/expression";
import { numberOf } from "../graph/json";

export interface Range {
  readonly least: number;
  readonly most: number;
  readonly step: number;
  readonly whole: boolean;
}

export function rangeOf(port: InputSpec): Range {
  const whole = port.type.name === "int";
  return {
    least: numberOf(port.schema?.minimum) ?? Number.NEGATIVE_INFINITY,
    most: numberOf(port.schema?.maximum) ?? Number.POSITIVE_INFINITY,
    step: numberOf(port.widget?.options.step) ?? numberOf(port.schema?.multipleOf) ?? (whole ? 1 : 0.1),
    whole,
  };
}

/** The nearest number that is allowed: in range, on a step. */
export function clamp(range: Range, value: number): number {
  const stepped = range.whole ? Math.round(value) : Number(value.toPrecision(12));
  return Math.min(range.most, Math.max(range.least, stepped));
}

/** A number as far along the range as a part of the field, on a step. */
export function stepBy(range: Range, value: number, steps: number): number {
  const next = Math.round((value + steps * range.step) / range.step) * range.step;
  return clamp(range, Number(next.toFixed(10)));
}

/** How full a slider is drawn, 0 to 1; long ranges by their root, so that usual values can be seen. */
export function fullness({ least, most }: Range, value: number): number {
  if (!Number.isFinite(least) || !Number.isFinite(most) || most <= least) return 0;
  const part = (value - least) / (most - least);
  return most - least > 200 ? Math.sqrt(part) : part;
}

/** How a language writes numbers: where a comma stands between thousands, it is no decimal sign. */
export type Commas = "thousands" | "decimals";

/** Read what was typed: an expression in which the field's own value has a name. */
export function typed(
  range: Range,
  text: string,
  name: string,
  value: number | null,
  commas: Commas,
): number {
  const names = value === null ? {} : { [name]: value, x: value };
  return clamp(range, evaluate(ungrouped(text, range.whole, commas), names));
}

const GROUPED = /(?<![\d.,])[1-9]\d{0,2}([.,])\d{3}(?:\1\d{3})*(?![\d.,])/g;

/** Take out what people write between thousands; where only whole numbers go, either sign is that. */
function ungrouped(text: string, whole: boolean, commas: Commas): string {
  return text.replace(GROUPED, (found, sign: string) =>
    whole || (sign === "," && commas === "thousands") ? found.replaceAll(sign, "") : found,
  );
}
