import { defineConfig } from "@playwright/test";
import tests from "../../playwright.config";

const { webServer } = tests;
if (!webServer || Array.isArray(webServer)) throw new Error("the tests start one server");

/** The README's pictures, taken of the same server as the tests use; not a part of them. */
export default defineConfig({
  ...tests,
  testDir: ".",
  globalSetup: "../e2e/warm.ts",
  timeout: 240_000,
  use: { ...tests.use, viewport: { width: 1600, height: 1000 } },
  webServer: { ...webServer, cwd: "../../.." },
});
