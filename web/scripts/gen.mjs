// Write src/api/schema.gen.ts from server/openapi.json; `--check` says whether it is up to date.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const web = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(web, "src", "api", "schema.gen.ts");
const openapi = JSON.parse(readFileSync(join(web, "..", "server", "openapi.json"), "utf8"));
const ast = await openapiTS(openapi, { immutable: true, alphabetize: true });
const text = `// Generated from server/openapi.json by \`npm run gen\`; do not edit.\n${astToString(ast)}`;

if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== text) throw new Error("src/api/schema.gen.ts is old: npm run gen");
} else {
  writeFileSync(target, text);
}
