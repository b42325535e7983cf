import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { RunEvent } from "../../../src/api/types";
import { Backoff } from "../../../src/live/backoff";
import { readFrame } from "../../../src/live/frames";
import { type Connection, EventSocket, type Wire } from "../../../src/live/socket";

/** A server with its own clock: it keeps all events of one run, and cuts connections at random. */
class Stage {
  now = 0;
  readonly log: RunEvent[] = [];
  readonly seen: number[] = [];
  readonly previews: number[] = [];
  readonly states: Connection[] = [];
  snapshots = 0;
  epoch = 0;
  ring = 400;
  cuts = 0;
  readonly socket: EventSocket;
  private readonly timers: { at: number; call: () => void }[] = [];
  private client: { wire: Wire; sent: number | null } | null = null;
  private seed: number;
  private seq = 0;

  constructor(seed: number) {
    this.seed = seed;
    this.socket = new EventSocket(
      { open: () => this.open(), random: () => this.random(), later: (call, ms) => this.later(call, ms) },
      {
        message: (message) => {
          if (message.type === "snapshot") {
            this.snapshots += 1;
            this.seen.length = 0;
            for (let n = 0; n <= message.n; n += 1) this.seen.push(n);
          }
        },
        events: (_, events) => this.seen.push(...events.map((event) => event.n)),
        preview: (_, __, preview) => this.previews.push(preview.seq),
        connection: (connection) => this.states.push(connection),
      },
    );
  }

  random(): number {
    this.seed = (this.seed * 1103515245 + 12345) % 2147483648;
    return this.seed / 2147483648;
  }

  later(call: () => void, ms: number): () => void {
    const timer = { at: this.now + ms, call };
    this.timers.push(timer);
    return () => {
      const at = this.timers.indexOf(timer);
      if (at >= 0) this.timers.splice(at, 1);
    };
  }

  open(): Wire {
    const wire: Wire = {
      binaryType: "blob",
      onopen: null,
      onmessage: null,
      onclose: null,
      send: (text) => this.asked(wire, text),
      close: () => {
        if (this.client?.wire === wire) this.client = null;
      },
    };
    this.later(() => {
      if (this.client) return;
      this.client = { wire, sent: null };
      this.say({ type: "welcome", version: 1, epoch: String(this.epoch) });
    }, 5);
    return wire;
  }

  say(message: object): void {
    this.client?.wire.onmessage?.(new MessageEvent("message", { data: JSON.stringify(message) }));
  }

  asked(wire: Wire, text: string): void {
    const message: unknown = JSON.parse(text);
    if (
      typeof message !== "object" ||
      message === null ||
      !("after" in message) ||
      this.client?.wire !== wire
    )
      return;
    this.client.sent = Number(message.after);
    this.say({ type: "subscribed", run: "r", number: 1, nodes: ["a"] });
    this.pump();
  }

  /** Send what the client has not had: events from the ring, a snapshot where they are gone. */
  pump(): void {
    const client = this.client;
    if (!client || client.sent === null) return;
    const last = this.log.length - 1;
    if (last - client.sent > this.ring) {
      client.sent = last;
      this.say({ type: "snapshot", n: last, run: { id: "r" }, nodes: {} });
    } else if (client.sent < last) {
      const events = this.log.slice(client.sent + 1);
      client.sent = last;
      this.say({ type: "events", run: "r", events });
    }
  }

  add(): void {
    this.log.push({ type: "run_queued", n: this.log.length, at: 0 });
  }

  sendPreview(seq: number): void {
    const bytes = new ArrayBuffer(21);
    const view = new DataView(bytes);
    view.setUint16(0, 0x5047);
    view.setUint8(2, 1);
    view.setUint8(3, 1);
    view.setUint8(4, 1);
    view.setUint16(6, 0xffff);
    view.setUint32(12, 1);
    view.setUint32(16, seq);
    this.client?.wire.onmessage?.(new MessageEvent("message", { data: bytes }));
  }

  nextPreview(): void {
    this.seq += 1;
    this.sendPreview(this.seq);
  }

  cut(code = 1006): void {
    const wire = this.client?.wire;
    this.client = null;
    if (wire) this.cuts += 1;
    wire?.onclose?.(new CloseEvent("close", { code }));
  }

  /** Lose what is on the way: the client misses an event without noticing that the line is gone. */
  skip(): void {
    if (this.client?.sent != null && this.client.sent < this.log.length - 1) this.client.sent += 1;
  }

  pass(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const next = this.timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.timers.splice(this.timers.indexOf(next), 1);
      this.now = next.at;
      next.call();
    }
    this.now = end;
  }
}

describe("the socket", () => {
  test.each([1, 2, 3])(
    "3000 events through random cuts, holes and a restart: none is missing, none comes twice (%d)",
    (seed) => {
      const stage = new Stage(seed);
      stage.socket.connect();
      stage.socket.follow("r");
      for (let step = 0; step < 3000; step += 1) {
        stage.add();
        if (stage.random() < 0.01) stage.cut();
        if (stage.random() < 0.01) stage.skip();
        if (step === 1500) {
          stage.epoch += 1;
          stage.cut(1012);
          for (let n = 0; n < 500; n += 1) stage.add();
        }
        stage.pump();
        stage.nextPreview();
        if (stage.random() < 0.1) stage.sendPreview(Math.floor(stage.random() * step));
        stage.pass(10);
      }
      stage.pass(60_000);
      stage.pump();
      expect(stage.cuts).toBeGreaterThan(10);
      expect(stage.snapshots).toBeGreaterThan(0);
      expect(stage.seen).toEqual(stage.log.map((event) => event.n));
      expect(stage.previews).toEqual([...new Set(stage.previews)].sort((a, b) => a - b));
    },
  );

  test.each([
    [4401, "token"],
    [4403, "origin"],
    [4409, "version"],
  ])("the code %d ends the attempts", (code, reason) => {
    const stage = new Stage(1);
    stage.socket.connect();
    stage.pass(10);
    stage.cut(code);
    stage.pass(120_000);
    expect(stage.states.at(-1)).toEqual({ state: "refused", reason });
  });

  test("35 s of silence count as dead", () => {
    const stage = new Stage(1);
    stage.socket.connect();
    stage.pass(34_000);
    expect(stage.states.at(-1)?.state).toBe("open");
    stage.pass(2_000);
    expect(stage.states.some((state) => state.state === "waiting")).toBe(true);
  });

  test("a wait is cut short when the network is back", () => {
    const stage = new Stage(1);
    stage.socket.connect();
    stage.pass(10);
    stage.cut();
    stage.socket.connect();
    stage.pass(10);
    expect(stage.states.at(-1)).toEqual({ state: "open", epoch: "0" });
  });

  test("waits grow and stay under ten seconds", () => {
    const backoff = new Backoff(() => 1);
    const waits = Array.from({ length: 8 }, () => backoff.next());
    expect(waits[0]).toBeLessThan(1000);
    expect(Math.max(...waits)).toBe(10_000);
  });
});

interface Vector {
  readonly name: string;
  readonly frame: string;
  readonly means: {
    run: number;
    node: number;
    item: number | null;
    seq: number;
    media_type: string;
    image: string;
  } | null;
}

/** The same file that the server's tests read. */
const vectors: { readonly read: readonly Vector[]; readonly skipped: readonly Vector[] } = JSON.parse(
  readFileSync(new URL("../../../../tests/server/socket/frames.json", import.meta.url), "utf8"),
);

describe("binary frames", () => {
  test.each([...vectors.read, ...vectors.skipped])("$name", ({ frame, means }) => {
    const read = readFrame(Uint8Array.from(Buffer.from(frame, "hex")).buffer);
    const image = read && Buffer.from(read.image).toString("hex");
    expect(
      read && {
        run: read.run,
        node: read.node,
        item: read.item,
        seq: read.seq,
        media_type: read.mediaType,
        image,
      },
    ).toEqual(means);
  });
});
