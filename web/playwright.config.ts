import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "@playwright/test";

const system = process.env.CHROMIUM ?? "/usr/bin/chromium";
const python = process.env.PROMPTOGRAPH_PYTHON ?? ".venv/bin/python";
const port = Number(process.env.E2E_PORT ?? 8497);
const folder = process.env.E2E_FOLDER ?? ownFolder();

/** A real server with the embedded models, and the system's Chromium (Playwright's own where it is missing). */
export default defineConfig({
  testDir: "test/e2e",
  globalSetup: "./test/e2e/warm.ts",
  outputDir: join(folder, "results"),
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  use: {
    actionTimeout: 30_000,
    baseURL: `http://127.0.0.1:${port}`,
    viewport: { width: 1600, height: 900 },
    colorScheme: "dark",
    launchOptions: {
      ...(existsSync(system) ? { executablePath: system } : {}),
      args: ["--no-sandbox", "--disable-gpu"],
    },
  },
  webServer: {
    command: `${python} -m cli serve --port ${port} --data ${folder}/data --cache ${folder}/cache --token e2e-token-e2e-token-e2e-token-e2e-1`,
    cwd: "..",
    env: { PROMPTOGRAPH_DEVICE: "cpu" },
    url: `http://127.0.0.1:${port}/`,
    stderr: "ignore",
    timeout: 120_000,
    reuseExistingServer: false,
  },
});

/** A folder that is gone with this process; the processes that it starts use it too. */
function ownFolder(): string {
  const made = mkdtempSync(join(tmpdir(), "promptograph-e2e-"));
  process.env.E2E_FOLDER = made;
  process.on("exit", () => rmSync(made, { recursive: true, force: true, maxRetries: 3 }));
  return made;
}
