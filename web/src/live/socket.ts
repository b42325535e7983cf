/** Follow runs over one websocket, through cuts, restarts and slow networks.
 *
 * Guarantees
 * 1. The events of a run come in order, each once and without a hole; or a snapshot replaces all that was known.
 * 2. A socket that is silent for 35 s is dead; a lost one comes back by itself, except where the server says never.
 * 3. A preview that is older than the last one of its node is dropped.
 */

import type { FromClient, FromServer, RunEvent } from "../api/types";
import { Backoff } from "./backoff";
import { type Preview, readFrame } from "./frames";
import { readMessage } from "./messages";

/** The part of a WebSocket that is used here. */
export interface Wire {
  binaryType: BinaryType;
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export interface World {
  open(): Wire;
  random(): number;
  /** Call back once after some time; gives what takes the call back. */
  later(call: () => void, ms: number): () => void;
}

export type Connection =
  | { readonly state: "connecting" }
  | { readonly state: "open"; readonly epoch: string }
  | { readonly state: "waiting"; readonly ms: number }
  | { readonly state: "refused"; readonly reason: "token" | "origin" | "version" };

export interface Listener {
  message(message: FromServer): void;
  events(run: string, events: readonly RunEvent[]): void;
  preview(run: string, node: string, preview: Preview): void;
  connection(connection: Connection): void;
}

interface Followed {
  after: number;
  number: number | null;
  nodes: readonly string[];
  readonly newest: Map<string, number>;
}

const VERSION = 1;
const SILENCE_MS = 35_000;
const PING_MS = 15_000;
const GAP = 4000;
const NEVER: Readonly<Record<number, "token" | "origin" | "version">> = {
  4401: "token",
  4403: "origin",
  4409: "version",
};

export class EventSocket {
  private readonly followed = new Map<string, Followed>();
  private readonly backoff: Backoff;
  private readonly world: World;
  private readonly listener: Listener;
  private wire: Wire | null = null;
  private ready = false;
  private timers: (() => void)[] = [];
  private retry: (() => void) | null = null;
  private watching = false;

  constructor(world: World, listener: Listener) {
    this.world = world;
    this.listener = listener;
    this.backoff = new Backoff(() => world.random());
  }

  /** Connect now, also in the middle of a wait: the network is back, the page is seen again. */
  connect(): void {
    if (this.wire) return;
    this.retry?.();
    this.retry = null;
    const wire = this.world.open();
    this.wire = wire;
    wire.binaryType = "arraybuffer";
    wire.onmessage = (event) => this.take(wire, event.data);
    wire.onclose = (event) => this.lost(wire, event.code);
    this.listener.connection({ state: "connecting" });
    this.hear();
  }

  stop(): void {
    this.retry?.();
    this.retry = null;
    this.drop(1000);
  }

  follow(run: string, after = -1): void {
    if (this.followed.has(run)) return;
    this.followed.set(run, { after, number: null, nodes: [], newest: new Map() });
    this.send({ type: "subscribe", run, after, previews: true });
  }

  leave(run: string): void {
    if (this.followed.delete(run)) this.send({ type: "unsubscribe", run });
  }

  watchQueue(): void {
    this.watching = true;
    this.send({ type: "watch_queue" });
  }

  private send(message: FromClient): void {
    if (this.ready) this.wire?.send(JSON.stringify(message));
  }

  private take(wire: Wire, content: unknown): void {
    if (wire !== this.wire) return;
    this.hear();
    if (content instanceof ArrayBuffer) this.takePreview(content);
    else if (typeof content === "string") this.takeMessage(readMessage(content));
  }

  private takeMessage(message: FromServer | null): void {
    if (message?.type === "welcome") this.begin(message.version, message.epoch);
    else if (message?.type === "events") this.takeEvents(message.run, message.events);
    else if (message) {
      if (message.type === "subscribed") this.name(message.run, message.number, message.nodes);
      if (message.type === "snapshot") this.reached(message.run.id, message.n);
      if (message.type === "refused" && message.run) this.followed.delete(message.run);
      this.listener.message(message);
    }
  }

  private begin(version: number, epoch: string): void {
    if (version !== VERSION) {
      this.drop(4409);
      this.listener.connection({ state: "refused", reason: "version" });
      return;
    }
    this.ready = true;
    this.backoff.reset();
    if (this.watching) this.send({ type: "watch_queue" });
    for (const [run, { after }] of this.followed)
      this.send({ type: "subscribe", run, after, previews: true });
    this.listener.connection({ state: "open", epoch });
  }

  private takeEvents(run: string, events: readonly RunEvent[]): void {
    const followed = this.followed.get(run);
    if (!followed) return;
    const fresh = events.filter((event) => event.n > followed.after);
    const whole = fresh.every((event, at) => event.n === followed.after + 1 + at);
    if (!whole) {
      this.lost(this.wire, GAP);
      return;
    }
    followed.after = fresh.at(-1)?.n ?? followed.after;
    if (fresh.length > 0) this.listener.events(run, fresh);
  }

  private name(run: string, number: number, nodes: readonly string[]): void {
    const followed = this.followed.get(run);
    if (!followed) return;
    followed.number = number;
    followed.nodes = nodes;
  }

  private reached(run: string, n: number): void {
    const followed = this.followed.get(run);
    if (followed) followed.after = n;
  }

  private takePreview(buffer: ArrayBuffer): void {
    const preview = readFrame(buffer);
    if (!preview) return;
    for (const [run, followed] of this.followed) {
      const node = followed.number === preview.run ? followed.nodes[preview.node] : undefined;
      if (node === undefined || preview.seq <= (followed.newest.get(node) ?? -1)) continue;
      followed.newest.set(node, preview.seq);
      this.listener.preview(run, node, preview);
    }
  }

  /** Something came: start to count the silence anew. */
  private hear(): void {
    for (const cancel of this.timers) cancel();
    const wire = this.wire;
    this.timers = [
      this.world.later(() => this.send({ type: "ping" }), PING_MS),
      this.world.later(() => this.lost(wire, 4000), SILENCE_MS),
    ];
  }

  private lost(wire: Wire | null, code: number): void {
    if (wire === null || wire !== this.wire) return;
    this.drop(code === 1000 ? 1000 : GAP);
    const reason = NEVER[code];
    if (reason) {
      this.listener.connection({ state: "refused", reason });
      return;
    }
    const ms = this.backoff.next();
    this.retry = this.world.later(() => {
      this.retry = null;
      this.connect();
    }, ms);
    this.listener.connection({ state: "waiting", ms });
  }

  private drop(code: number): void {
    for (const cancel of this.timers) cancel();
    this.timers = [];
    const wire = this.wire;
    this.wire = null;
    this.ready = false;
    if (!wire) return;
    wire.onmessage = null;
    wire.onclose = null;
    for (const followed of this.followed.values()) followed.newest.clear();
    wire.close(code);
  }
}
