/** The server as a backend. */

import { readCatalog } from "../graph/catalog";
import { isObject } from "../graph/json";
import { parseJson } from "../graph/parse";
import { DocumentError, readDocument } from "../graph/read";
import { writeDocument } from "../graph/write";
import type { Backend, Template } from "./backend";
import { ask, field } from "./http";
import type { Run } from "./types";

const API = "/api/v1";

/** Whether the browser's cookie is known; a token of the address is exchanged for one. */
export async function openSession(token: string | null): Promise<boolean> {
  if (token !== null) await ask(`${API}/session`, { method: "POST", body: { token } });
  return (await fetch(`${API}/session`)).ok;
}

export const SERVER: Backend = {
  live: true,

  async catalog() {
    return readCatalog(parseJson(await ask(`${API}/nodes`)));
  },

  async templates() {
    return list(await ask(`${API}/library`), "graphs").flatMap((entry): Template[] => {
      const id = field(entry, "library");
      const name = field(entry, "name");
      return typeof id === "string" && typeof name === "string" ? [{ id, name }] : [];
    });
  },

  async template(id) {
    return documentIn(await ask(`${API}/library/${encodeURIComponent(id)}`));
  },

  async submit(doc, targets) {
    const body = { graph: writeDocument(doc), targets };
    const headers = { "Idempotency-Key": crypto.randomUUID() };
    return run(JSON.parse(await ask(`${API}/runs`, { method: "POST", body, headers })));
  },

  async run(id) {
    return run(JSON.parse(await ask(`${API}/runs/${encodeURIComponent(id)}`)));
  },

  async cancel(id) {
    await ask(`${API}/runs/${id}/cancel`, { method: "POST", body: {} });
  },

  async runs() {
    return readRuns(await ask(`${API}/runs?limit=50`));
  },

  async runGraph(id) {
    return documentIn(await ask(`${API}/runs/${id}/graph`));
  },
};

/** A document, by itself or as the `document` or `graph` of a record. */
function documentIn(text: string) {
  const json = parseJson(text);
  if (!isObject(json)) throw new DocumentError("the answer is no graph");
  return readDocument(json.document ?? json.graph ?? json);
}

/** The runs of a page or of the queue. */
export function readRuns(text: string): readonly Run[] {
  return list(text, "runs").map(run);
}

function list(text: string, name: string): readonly unknown[] {
  const found = field(JSON.parse(text), name);
  return Array.isArray(found) ? found : [];
}

function run(value: unknown): Run {
  if (!isRun(value)) throw new Error("the server's answer is no run");
  return value;
}

function isRun(value: unknown): value is Run {
  return typeof field(value, "id") === "string" && typeof field(value, "status") === "string";
}
