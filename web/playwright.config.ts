import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

const system = "/usr/bin/chromium";

/** The system's Chromium where it is installed, else Playwright's own; one worker, for two cores. */
export default defineConfig({
  testDir: "test/e2e",
  workers: 1,
  fullyParallel: false,
  timeout: 60_000,
  use: {
    baseURL: process.env.PROMPTOGRAPH_URL ?? "http://127.0.0.1:5199",
    viewport: { width: 1920, height: 1080 },
    launchOptions: {
      ...(existsSync(system) ? { executablePath: system } : {}),
      args: ["--no-sandbox", "--disable-gpu"],
    },
  },
});
