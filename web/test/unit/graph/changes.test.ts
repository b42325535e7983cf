import { describe, expect, test } from "vitest";
import { changesBetween } from "../../../src/graph/changes";
import { EMPTY, newNode } from "../../../src/graph/document";
import { withInputs } from "../../../src/graph/edit/applied";
import { readText } from "../../../src/graph/read";
import { documentText } from "../../../src/graph/write";

const ONE = {
  ...EMPTY,
  name: "one",
  nodes: { a: newNode("Sampler", 1, { seed: 1 }), b: newNode("VAEDecode", 1) },
  positions: { a: { x: 0, y: 0 } },
};

describe("differences of two documents", () => {
  test("a document and its copy by way of JSON have none", () => {
    expect(changesBetween(ONE, readText(documentText(ONE)))).toEqual([]);
  });

  test("fields, wires, nodes, names and places are told with what they were", () => {
    const { b: _, ...left } = ONE.nodes;
    const two = {
      ...ONE,
      name: "two",
      nodes: {
        ...left,
        a: { ...ONE.nodes.a, params: { seed: 2 }, inputs: { latent: "c.latent" } },
        c: newNode("EmptyLatent", 1),
      },
      positions: { a: { x: 8, y: 0 } },
    };
    expect(
      changesBetween(ONE, two).map(({ kind, what, before, after }) => [kind, what, before, after]),
    ).toEqual([
      ["changed", "name", "one", "two"],
      ["changed", "a.seed", "1", "2"],
      ["added", "a.latent", null, "c.latent"],
      ["removed", "b", "VAEDecode", null],
      ["added", "c", null, "EmptyLatent"],
      ["changed", "place.a", "", ""],
    ]);
  });
});

describe("the inputs of a run in its document", () => {
  test("public inputs are set where they lead, and a wire there gives way", () => {
    const doc = {
      ...ONE,
      nodes: { ...ONE.nodes, a: { ...ONE.nodes.a, inputs: { seed: "b.number" } } },
      inputs: { seed: { to: ["a.seed"], title: null } },
    };
    const set = withInputs(doc, { seed: 7, gone: 1 });
    expect(set.nodes.a?.params).toEqual({ seed: 7 });
    expect(set.nodes.a?.inputs).toEqual({});
  });

  test("inside a subgraph too, and the document before stays as it was", () => {
    const sub = { ...newNode("Subgraph", 1), graph: ONE };
    const doc = { ...EMPTY, nodes: { s: sub }, inputs: { seed: { to: ["s/a.seed"], title: null } } };
    const { graph } = withInputs(doc, { seed: 9 }).nodes.s ?? sub;
    expect(typeof graph === "object" && graph?.nodes.a?.params).toEqual({ seed: 9 });
    expect(ONE.nodes.a.params).toEqual({ seed: 1 });
  });
});
