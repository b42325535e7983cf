/** Plain values as tables: rows of records, rows of lists, or columns by name. */

import { compact } from "../graph/canonical";
import { isList, isObject, type Json, type JsonObject, numberOf } from "../graph/json";

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Json[])[];
}

/** A value as a table; null where it is none. */
export function tableOf(value: Json): Table | null {
  const scores = scoresOf(value);
  if (scores) {
    return {
      columns: ["", ...scores.columns],
      rows: scores.rows.map((name, at) => [name, ...(scores.matrix[at] ?? [])]),
    };
  }
  if (isObject(value) && isList(value.columns) && isList(value.rows)) {
    const columns = value.columns.map(nameOf);
    return {
      columns,
      rows: value.rows.map((row) => (isList(row) ? row : isObject(row) ? byName(row, columns) : [row])),
    };
  }
  if (isObject(value)) return ofColumns(value);
  if (!isList(value) || value.length === 0) return null;
  if (value.every((row) => isObject(row))) {
    const columns = [...new Set(value.flatMap((row) => Object.keys(row)))];
    return { columns, rows: value.map((row) => byName(row, columns)) };
  }
  if (!value.every(isList)) return null;
  const width = Math.max(...value.map((row) => row.length));
  return { columns: Array.from({ length: width }, (_, at) => String(at)), rows: value };
}

/** A number for each row and column, all named. */
export interface Scores {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly matrix: readonly (readonly number[])[];
}

export function scoresOf(value: Json): Scores | null {
  if (!isObject(value) || !isList(value.matrix) || !isList(value.rows) || !isList(value.columns)) return null;
  const matrix = value.matrix.map((row) =>
    isList(row) ? row.map((one) => numberOf(one) ?? Number.NaN) : [],
  );
  return { rows: value.rows.map(nameOf), columns: value.columns.map(nameOf), matrix };
}

function nameOf(value: Json): string {
  return typeof value === "string" ? value : compact(value);
}

function byName(row: JsonObject, columns: readonly string[]): readonly Json[] {
  return columns.map((name) => row[name] ?? null);
}

/** Lists of one length, by name. */
function ofColumns(value: JsonObject): Table | null {
  const entries = Object.entries(value);
  const lists = entries.flatMap(([, list]) => (isList(list) ? [list] : []));
  const [first] = lists;
  if (!first || lists.length !== entries.length || lists.some((list) => list.length !== first.length))
    return null;
  if (lists.some((list) => list.some((one) => isList(one) || isObject(one)))) return null;
  return {
    columns: entries.map(([name]) => name),
    rows: first.map((_, at) => lists.map((list) => list[at] ?? null)),
  };
}
