import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "@playwright/test";

const system = "/usr/bin/chromium";
const port = Number(process.env.E2E_PORT ?? 8497);
const data = join(tmpdir(), `promptograph-e2e-${process.pid}`);

/** A real server with the embedded models, and the system's Chromium (Playwright's own where it is missing). */
export default defineConfig({
  testDir: "test/e2e",
  workers: 1,
  timeout: 60_000,
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    viewport: { width: 1600, height: 900 },
    colorScheme: "dark",
    launchOptions: {
      ...(existsSync(system) ? { executablePath: system } : {}),
      args: ["--no-sandbox", "--disable-gpu"],
    },
  },
  webServer: {
    command: `../.venv/bin/promptograph serve --port ${port} --data ${data}/data --cache ${data}/cache --token e2e-token-e2e-token-e2e-token-e2e-1`,
    url: `http://127.0.0.1:${port}/`,
    stderr: "ignore",
    timeout: 60_000,
    reuseExistingServer: false,
  },
});
