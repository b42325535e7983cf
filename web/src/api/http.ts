/** Ask the server: JSON both ways, and errors as sentences. */

import { compact } from "../graph/canonical";
import { isObject, type Json, type JsonObject, numberOf } from "../graph/json";
import { parseJson } from "../graph/parse";

/** What the server said no to; `node` and `port` say where. */
export class ServerError extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string | null;
  /** The rest of what the server said: what is saved now, how long it takes to make a value again. */
  private readonly detail: Json;

  constructor(status: number, code: string, message: string, hint: string | null, detail: Json = null) {
    super(message);
    this.detail = detail;
    this.status = status;
    this.code = code;
    this.hint = hint;
  }

  /** All of it in one line, as `guidance.positive: is not connected; wire a Conditioning to it`. */
  get sentence(): string {
    const { node, port } = isObject(this.detail) ? this.detail : {};
    const place = [node, port].filter((part) => typeof part === "string").join(".");
    const told = place ? `${place}: ${this.message}` : this.message;
    return this.hint ? `${told}; ${this.hint}` : told;
  }

  /** How long it takes to make again what is gone. */
  get seconds(): number | null {
    return isObject(this.detail) ? (numberOf(this.detail.seconds) ?? null) : null;
  }

  /** What is saved now, where two changed the same. */
  get current(): JsonObject | null {
    const current = isObject(this.detail) ? this.detail.current : null;
    return isObject(current) ? current : null;
  }
}

export interface Asked {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly body?: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The text of an answer; an answer that is no success is thrown. */
export async function ask(path: string, asked: Asked = {}): Promise<string> {
  return (await answered(path, asked)).text();
}

/** The bytes of an answer. */
export async function askBytes(path: string, asked: Asked = {}): Promise<ArrayBuffer> {
  return (await answered(path, asked)).arrayBuffer();
}

/** Give a file to the server as it is. */
export async function sendFile(path: string, file: Blob): Promise<string> {
  const headers = { "Content-Type": "application/octet-stream" };
  const answer = await fetch(path, { method: "POST", headers, body: file });
  if (!answer.ok) throw problemOf(answer.status, await answer.text());
  return answer.text();
}

async function answered(path: string, { method = "GET", body, headers = {} }: Asked): Promise<Response> {
  const sent = body === undefined ? {} : { body: compact(body) };
  const type: Record<string, string> = body === undefined ? {} : { "Content-Type": "application/json" };
  const answer = await fetch(path, { method, headers: { ...type, ...headers }, ...sent });
  if (!answer.ok) throw problemOf(answer.status, await answer.text());
  return answer;
}

function problemOf(status: number, text: string): ServerError {
  const otherwise = `the server answered ${status}`;
  try {
    const parsed = parseJson(text);
    const error = isObject(parsed) && isObject(parsed.error) ? parsed.error : {};
    const { code, message, hint } = error;
    return new ServerError(
      status,
      typeof code === "string" ? code : String(status),
      typeof message === "string" ? message : otherwise,
      typeof hint === "string" ? hint : null,
      error,
    );
  } catch {
    return new ServerError(status, String(status), otherwise, null);
  }
}

export function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
