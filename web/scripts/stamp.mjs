// Write server/static/stamp.json: a SHA-256 over what the bundle is made of. Python repeats it without Node (stamp.py).
//
// The files are taken in the order of their paths, as UTF-8; each adds its path, a zero byte, the SHA-256 of its bytes
// in hexadecimal and a newline to one SHA-256.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const web = join(dirname(fileURLToPath(import.meta.url)), "..");
const FOLDERS = ["public", "src"];
const FILES = ["index.html", "package-lock.json", "package.json", "tsconfig.json", "vite.config.ts"];

const paths = [
  ...FOLDERS.flatMap((folder) =>
    readdirSync(join(web, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(web, join(entry.parentPath, entry.name))),
  ),
  ...FILES,
];
paths.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
const whole = createHash("sha256");
for (const path of paths) {
  const digest = createHash("sha256")
    .update(readFileSync(join(web, path)))
    .digest("hex");
  whole.update(`${path}\0${digest}\n`);
}
const stamp = { files: paths.length, sha256: whole.digest("hex") };
writeFileSync(join(web, "..", "server", "static", "stamp.json"), `${JSON.stringify(stamp)}\n`);
