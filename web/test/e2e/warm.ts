/** Before the specs: a first run, so that the worker has its libraries and its model, and no spec waits for that. */

import { request } from "@playwright/test";
import { TOKEN } from "./editor";

export default async function warm(config: {
  readonly projects: readonly { readonly use: { readonly baseURL?: string | undefined } }[];
}): Promise<void> {
  const baseURL = config.projects[0]?.use.baseURL ?? "";
  const server = await request.newContext({
    baseURL,
    extraHTTPHeaders: { Authorization: `Bearer ${TOKEN}` },
  });
  const data = { graph: { library: "text-to-image" }, inputs: { prompt: "a grey square", steps: 1 } };
  await server.post("/api/v1/runs?wait=60", { data, timeout: 90_000 });
  await server.dispose();
}
