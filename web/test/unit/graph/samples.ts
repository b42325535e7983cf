import { readFileSync } from "node:fs";
import { readCatalog } from "../../../src/graph/catalog";
import { parseJson } from "../../../src/graph/parse";
import { readText } from "../../../src/graph/read";
import type { Knowledge } from "../../../src/graph/spec";

const fixture = (name: string) =>
  readFileSync(new URL(`../../../dev/fixtures/${name}`, import.meta.url), "utf8");

export const KNOW: Knowledge = { catalog: readCatalog(parseJson(fixture("catalog.json"))), library: {} };

export function library(name: string) {
  return readText(fixture(`library/${name}.json`));
}
