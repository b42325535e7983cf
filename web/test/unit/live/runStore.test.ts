import { describe, expect, test } from "vitest";
import type { Run, RunEvent } from "../../../src/api/types";
import { WAITING } from "../../../src/live/fold";
import type { Preview } from "../../../src/live/frames";
import { RunStore } from "../../../src/live/runStore";

const RUN: Run = {
  id: "r",
  number: 1,
  status: "queued",
  name: "",
  priority: 0,
  inputs: {},
  targets: [],
  attempt: 0,
  last: -1,
  created: 0,
  started: null,
  finished: null,
  graph: null,
  cell: null,
  retry_of: null,
  fault: null,
  outputs: {},
  counts: null,
  models: [],
};

class Frames {
  readonly shown: number[] = [];
  readonly forgotten: string[] = [];
  private waiting: (() => void)[] = [];
  readonly store = new RunStore({
    frame: (call) => this.waiting.push(call),
    show: (preview) => `url ${this.shown.push(preview.seq)}`,
    forget: (url) => this.forgotten.push(url),
  });

  pass(): void {
    for (const call of this.waiting.splice(0)) call();
  }
}

const started: RunEvent = { type: "node_started", n: 0, at: 0, node: "a", items: null };
const preview = (seq: number): Preview => ({
  run: 1,
  node: 0,
  item: null,
  seq,
  mediaType: "image/jpeg",
  image: new Uint8Array(),
});

describe("the run store", () => {
  test("600 messages in a frame are told once, and only to those who watch that node", () => {
    const frames = new Frames();
    const told = { a: 0, b: 0, run: 0 };
    frames.store.subscribe("r", "a", () => (told.a += 1));
    frames.store.subscribe("r", "b", () => (told.b += 1));
    frames.store.subscribe("r", null, () => (told.run += 1));
    frames.store.begin(RUN);
    frames.store.events("r", [started]);
    for (let step = 0; step < 600; step += 1) {
      frames.store.progress({
        type: "progress",
        run: "r",
        node: "a",
        step,
        total: 600,
        rate: 1,
        left: 1,
        item: null,
      });
      frames.store.preview("r", "a", preview(step));
    }
    expect(told).toEqual({ a: 0, b: 0, run: 0 });
    frames.pass();
    expect(told).toEqual({ a: 1, b: 0, run: 1 });
    expect(frames.shown).toEqual([599]);
    expect(frames.store.node("r", "a").progress?.step).toBe(599);
  });

  test("an older picture is freed when a newer one is shown", () => {
    const frames = new Frames();
    frames.store.preview("r", "a", preview(1));
    frames.pass();
    frames.store.preview("r", "a", preview(2));
    frames.pass();
    expect(frames.forgotten).toEqual(["url 1"]);
  });

  test("words are shown as words, beside a picture that is there", () => {
    const frames = new Frames();
    const told = { run: 0 };
    frames.store.subscribe("r", null, () => (told.run += 1));
    for (const text of ["ein ro", "ein roter Kreis"]) {
      const image = new TextEncoder().encode(text);
      frames.store.preview("r", "a", { ...preview(1), mediaType: "text/plain", image });
      frames.pass();
    }
    expect(frames.store.node("r", "a")).toMatchObject({ words: "ein roter Kreis", url: null });
    expect([frames.shown, told.run]).toEqual([[], 1]);
  });

  test("a snapshot replaces what was known, and events go on", () => {
    const frames = new Frames();
    frames.store.events("r", [started]);
    frames.store.snapshot({
      type: "snapshot",
      n: 5,
      run: { ...RUN, status: "running" },
      nodes: { b: { ...WAITING, status: "running" } },
    });
    expect(frames.store.node("r", "a").state.status).toBe("waiting");
    frames.store.events("r", [
      { type: "node_failed", n: 6, at: 1, node: "b", message: "no", blame: "input", item: null },
      { type: "node_blocked", n: 7, at: 1, node: "c", by: "b" },
    ]);
    expect(frames.store.node("r", "b").state).toMatchObject({ status: "failed", message: "no" });
    expect(frames.store.node("r", "c").state).toMatchObject({ status: "blocked", by: "b" });
    expect(frames.store.run("r")?.last).toBe(7);
  });
});
