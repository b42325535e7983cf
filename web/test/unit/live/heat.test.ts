import { expect, test } from "vitest";
import { WAITING } from "../../../src/live/fold";
import { costsOf, sharesOf } from "../../../src/live/heat";
import { workersIn } from "../../../src/live/metrics";
import type { NodeLive } from "../../../src/live/runStore";

const done = (seconds: number, peak: number | null): NodeLive => ({
  state: { ...WAITING, status: "done", seconds, peak },
  progress: null,
  url: null,
  words: null,
});
const cached: NodeLive = { state: { ...WAITING, status: "cached" }, progress: null, url: null, words: null };
const nodes = new Map([
  ["a", done(1, 10)],
  ["sub/b", done(3, null)],
  ["sub/c", done(1, 40)],
  ["kept", cached],
]);

test("the slowest node comes first; what came from the cache has cost nothing", () => {
  expect(costsOf(nodes).map(({ node }) => node)).toEqual(["sub/b", "a", "sub/c"]);
});

test("a subgraph has the seconds of all that is in it and the largest memory; what was not measured has no share", () => {
  expect(Object.fromEntries(sharesOf(costsOf(nodes), "seconds"))).toEqual({
    a: 0.25,
    sub: 1,
    "sub/b": 0.75,
    "sub/c": 0.25,
  });
  expect(Object.fromEntries(sharesOf(costsOf(nodes), "memory"))).toEqual({ a: 0.25, sub: 1, "sub/c": 1 });
  expect(sharesOf([], "seconds").size).toBe(0);
});

test("the server's figures name its workers; other lines are passed over", () => {
  const text = `# HELP promptograph_worker_memory_bytes Memory of a worker.
promptograph_worker_memory_bytes{device="cpu"} 4.12e+08
promptograph_worker_memory_bytes{device="cuda:0"} 0.0
promptograph_worker_busy{device="cpu"} 1.0
promptograph_worker_busy{device="cuda:0"} 0.0
promptograph_sockets 1.0
`;
  expect(workersIn(text)).toEqual([
    { device: "cpu", memory: 412_000_000, busy: true },
    { device: "cuda:0", memory: 0, busy: false },
  ]);
  expect(workersIn("")).toEqual([]);
});
