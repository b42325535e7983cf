import { describe, expect, test } from "vitest";
import { batchOf, seedsOf, type Wish } from "../../../src/graph/batch";
import { toggleMute } from "../../../src/graph/edit/bypass";
import { group } from "../../../src/graph/edit/group";
import { setParam } from "../../../src/graph/edit/nodes";
import { hideInput } from "../../../src/graph/edit/public";
import { targetsFrom, targetsOf } from "../../../src/graph/targets";
import { documentText } from "../../../src/graph/write";
import { stepsTo } from "../../../src/live/queueOrder";
import { KNOW, library } from "./samples";

const doc = setParam(library("text-to-image"), "sampler", "seed", 7);
const wish = (change: Partial<Wish>): Wish => ({
  control: "increment",
  count: 3,
  again: false,
  random: () => 0.5,
  ...change,
});

describe("batch", () => {
  test("three runs count the public seed up, and the graph then shows the last", () => {
    const made = batchOf(KNOW, doc, wish({}));
    expect(made?.values).toEqual({ seed: [7, 8, 9] });
    expect(made?.sent).toBe(doc);
    expect(made?.last.nodes.sampler?.params.seed).toBe(9);
  });

  test("what was run already is not run again: the next seed is a new one", () => {
    expect(batchOf(KNOW, doc, wish({ again: true }))?.values).toEqual({ seed: [8, 9, 10] });
    expect(batchOf(KNOW, doc, wish({ again: true, count: 1 }))?.last.nodes.sampler?.params.seed).toBe(8);
    expect(batchOf(KNOW, doc, wish({ count: 1 }))?.last).toBe(doc);
  });

  test("fixed seeds stay, random ones are drawn", () => {
    expect(batchOf(KNOW, doc, wish({ control: "fixed", again: true }))?.values).toEqual({ seed: [7, 7, 7] });
    expect(batchOf(KNOW, doc, wish({ control: "random", count: 1 }))?.values).toEqual({ seed: [2 ** 31] });
  });

  test("seeds that are not public become so in what is sent, not in the person's graph", () => {
    const hidden = hideInput(doc, { node: "sampler", port: "seed" });
    const made = batchOf(KNOW, hidden, wish({}));
    expect(made?.sent.inputs.batch_seed_1?.to).toEqual(["sampler.seed"]);
    expect(made?.values).toEqual({ batch_seed_1: [7, 8, 9] });
    expect(Object.keys(made?.last.inputs ?? {})).toEqual(Object.keys(hidden.inputs));
    expect(made?.last.nodes.sampler?.params.seed).toBe(9);
  });

  test("a graph whose seeds are muted or that has none is run as it is", () => {
    expect(seedsOf(KNOW, toggleMute(doc, ["sampler"]))).toEqual([]);
    expect(batchOf(KNOW, toggleMute(doc, ["sampler"]), wish({}))).toBeNull();
    expect(documentText(doc)).toBe(documentText(setParam(doc, "sampler", "seed", 7)));
  });
});

describe("targets", () => {
  test("run to here asks for the outputs of what is chosen; a muted node has none", () => {
    expect(targetsOf(KNOW, doc, [], ["sampler", "decode"])).toEqual(["sampler.latent", "decode.image"]);
    expect(targetsOf(KNOW, toggleMute(doc, ["sampler"]), [], ["sampler"])).toEqual([]);
  });

  test("run from here asks for all that depends on it too", () => {
    expect([...targetsFrom(KNOW, doc, [], ["guidance"])].sort()).toEqual([
      "decode.image",
      "guidance.guidance",
      "sampler.latent",
    ]);
  });

  test("from inside a subgraph it goes on outside", () => {
    const made = group(doc, new Set(["sampler", "guidance"]), "Base");
    expect([...targetsFrom(KNOW, made.doc, [made.id], ["guidance"])].sort()).toEqual(
      [`${made.id}/guidance.guidance`, `${made.id}/sampler.latent`, "decode.image"].sort(),
    );
  });
});

describe("queue", () => {
  const after = (order: readonly string[], run: string, place: number) => {
    const now = [...order];
    for (const { run: moved, before } of stepsTo(order, run, place)) {
      now.splice(now.indexOf(moved), 1);
      now.splice(now.indexOf(before), 0, moved);
    }
    return now.join("");
  };

  test("a run gets to any place by putting runs before others", () => {
    const order = ["a", "b", "c", "d"];
    for (const run of order) {
      for (let place = 0; place < order.length; place += 1) {
        const rest = order.filter((other) => other !== run);
        rest.splice(place, 0, run);
        expect(after(order, run, place)).toBe(rest.join(""));
      }
    }
  });

  test("one run alone, and a stranger, stay", () => {
    expect(stepsTo(["a"], "a", 0)).toEqual([]);
    expect(stepsTo(["a", "b"], "x", 1)).toEqual([]);
  });
});
