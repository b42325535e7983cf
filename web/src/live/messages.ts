/** Take a text of the websocket as a message; what is not known is null, so that newer servers can say more. */

import type { FromServer } from "../api/types";

const TYPES: ReadonlySet<string> = new Set<FromServer["type"]>([
  "welcome",
  "subscribed",
  "events",
  "snapshot",
  "progress",
  "queue_changed",
  "refused",
  "pong",
]);

export function readMessage(text: string): FromServer | null {
  const value: unknown = JSON.parse(text);
  return isMessage(value) ? value : null;
}

/** The server's own schema vouches for the rest; its version was compared at the welcome. */
function isMessage(value: unknown): value is FromServer {
  return typeof value === "object" && value !== null && "type" in value && TYPES.has(String(value.type));
}
