/** Where a Subgraph stands while its inner nodes run. */

import { describe, expect, test } from "vitest";
import { WAITING } from "../../../src/live/fold";
import { foldGroup, groupsAround } from "../../../src/live/group";
import type { NodeLive } from "../../../src/live/runStore";

const live = (state: Partial<NodeLive["state"]>): NodeLive => ({
  state: { ...WAITING, ...state },
  progress: null,
  url: null,
  words: null,
});
const folded = (inner: Readonly<Record<string, NodeLive>>) => foldGroup(new Map(Object.entries(inner))).state;

describe("a subgraph", () => {
  test("stands around its nodes, and those around it too", () => {
    expect(groupsAround("a/b/node")).toEqual(["a", "a/b"]);
    expect(groupsAround("node")).toEqual([]);
  });

  test("runs while one inside runs, and fails as soon as one failed", () => {
    const done = live({ status: "done", seconds: 2 });
    const running = live({ status: "running" });
    expect(folded({ a: done, b: running }).status).toBe("running");
    const broken = folded({ a: done, b: running, c: live({ status: "failed", message: "no memory" }) });
    expect(broken).toMatchObject({ status: "failed", message: "c: no memory" });
  });

  test("is done in the sum of its times, and cached where all of it was", () => {
    const done = live({ status: "done", seconds: 2 });
    expect(folded({ a: done, b: done })).toMatchObject({ status: "done", seconds: 4 });
    const cached = live({ status: "cached", tier: "disk" });
    expect(folded({ a: cached, b: cached })).toMatchObject({ status: "cached", tier: "disk" });
    expect(folded({ a: live({}) }).status).toBe("waiting");
  });
});
