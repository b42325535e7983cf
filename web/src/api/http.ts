/** Ask the server: JSON both ways, and errors as sentences. */

import { compact } from "../graph/canonical";
import type { JsonObject } from "../graph/json";

/** What the server said no to; `node` and `port` say where. */
export class ServerError extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string | null;

  constructor(status: number, code: string, message: string, hint: string | null) {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = hint;
  }
}

export interface Asked {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  readonly body?: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The text of an answer; an answer that is no success is thrown. */
export async function ask(path: string, { method = "GET", body, headers = {} }: Asked = {}): Promise<string> {
  const sent = body === undefined ? {} : { body: compact(body) };
  const type: Record<string, string> = body === undefined ? {} : { "Content-Type": "application/json" };
  const answer = await fetch(path, { method, headers: { ...type, ...headers }, ...sent });
  const text = await answer.text();
  if (!answer.ok) throw problemOf(answer.status, text);
  return text;
}

function problemOf(status: number, text: string): ServerError {
  try {
    const parsed: unknown = JSON.parse(text);
    const error = field(parsed, "error");
    const hint = field(error, "hint");
    return new ServerError(
      status,
      String(field(error, "code") ?? status),
      String(field(error, "message") ?? `the server answered ${status}`),
      typeof hint === "string" ? hint : null,
    );
  } catch {
    return new ServerError(status, String(status), `the server answered ${status}`, null);
  }
}

export function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
