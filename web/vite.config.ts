import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Build into the Python package: no source maps, nothing inlined as data: (the CSP has no room for it), the same bytes each time. */
export default defineConfig(({ command }) => ({
  plugins: [react()],
  base: command === "build" ? "/static/" : "/",
  build: {
    outDir: "../server/static",
    emptyOutDir: true,
    sourcemap: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    chunkSizeWarningLimit: 700,
    rolldownOptions: { output: { entryFileNames: "start.js" } },
  },
  server: { host: "127.0.0.1", port: 5188, strictPort: true },
}));
