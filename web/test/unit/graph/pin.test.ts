import { describe, expect, test } from "vitest";
import { seedsOf } from "../../../src/graph/batch";
import { changesBetween } from "../../../src/graph/changes";
import { applyDiff, diffOf, reverse } from "../../../src/graph/diff";
import { removeNodes } from "../../../src/graph/edit/nodes";
import { type Pin, pinOf, setPins } from "../../../src/graph/pin";
import { problemsOf } from "../../../src/graph/problems";
import { readText } from "../../../src/graph/read";
import { typesOf } from "../../../src/graph/types";
import { documentText } from "../../../src/graph/write";
import { KNOW, library } from "./samples";

const doc = library("text-to-image");
const [A, B] = ["a".repeat(64), "b".repeat(64)];
const gave = (id: string): Pin =>
  Object.fromEntries((KNOW.catalog[doc.nodes[id]?.type ?? ""]?.outputs ?? []).map(({ name }) => [name, A]));
const pinned = setPins(doc, { sampler: gave("sampler") });

describe("pin", () => {
  test("a node is pinned to all that it gave, and to nothing that it did not", () => {
    expect(pinOf(KNOW, doc, "sampler", { ...gave("sampler"), other: B })).toEqual(gave("sampler"));
    expect(pinOf(KNOW, doc, "sampler", null)).toBe("nothing");
    expect(pinOf(KNOW, doc, "sampler", {})).toBe("nothing");
  });

  test("a subgraph, and a node that takes its type from its wires, say why they cannot be", () => {
    const node = {
      type: "Subgraph",
      version: 1,
      title: null,
      params: {},
      inputs: {},
      graph: doc,
      bypass: null,
      pin: null,
    };
    const list = { ...node, type: "List", graph: null };
    const more = { ...doc, nodes: { ...doc.nodes, sub: node, list } };
    expect(pinOf(KNOW, more, "sub", { image: A })).toBe("subgraph");
    expect(pinOf(KNOW, more, "list", { list: [A] })).toBe("variable");
  });

  test("it is saved, read and told as a change; unpinned and undone the document is what it was", () => {
    expect(readText(documentText(pinned)).nodes.sampler?.pin).toEqual(gave("sampler"));
    expect(documentText(doc)).not.toContain('"pin"');
    expect(changesBetween(doc, pinned).map(({ kind, what }) => `${kind} ${what}`)).toEqual([
      "added sampler pin",
    ]);
    expect(documentText(setPins(pinned, { sampler: null }))).toBe(documentText(doc));
    expect(documentText(applyDiff(pinned, reverse(diffOf(doc, pinned))))).toBe(documentText(doc));
  });

  test("what stood before a pinned node may be gone; without the pin its inputs are missed", () => {
    const alone = removeNodes(
      pinned,
      new Set(Object.keys(doc.nodes).filter((id) => !["sampler", "decode", "model"].includes(id))),
    );
    const missing = (of: typeof doc) => problemsOf(KNOW, of).filter(({ node }) => node === "sampler");
    expect(missing(alone)).toEqual([]);
    expect(missing(setPins(alone, { sampler: null })).length).toBeGreaterThan(0);
  });

  test("a node that was pinned to a list gives a list, and its seed is none of a batch", () => {
    const many = setPins(doc, { sampler: { ...gave("sampler"), latent: [A, B] } });
    expect(typesOf(KNOW, many).get("sampler")?.outputs.get("latent")?.many).toBe(true);
    expect(typesOf(KNOW, many).get("decode")?.outputs.get("image")?.many).toBe(true);
    expect(seedsOf(KNOW, many).map(({ node }) => node)).not.toContain("sampler");
    expect(seedsOf(KNOW, doc).map(({ node }) => node)).toContain("sampler");
  });
});
