import { describe, expect, test } from "vitest";
import { passing, silencedBy } from "../../../src/graph/bypass";
import { changesBetween } from "../../../src/graph/changes";
import { mayConnect } from "../../../src/graph/compat";
import { applyDiff, diffOf, reverse } from "../../../src/graph/diff";
import { type Doc, put } from "../../../src/graph/document";
import { setPassing, toggleBypass, toggleMute } from "../../../src/graph/edit/bypass";
import { addNode, setParam } from "../../../src/graph/edit/nodes";
import { setWire } from "../../../src/graph/edit/wires";
import { parseLink } from "../../../src/graph/link";
import { problemsOf } from "../../../src/graph/problems";
import { readText } from "../../../src/graph/read";
import { typesOf } from "../../../src/graph/types";
import { documentText } from "../../../src/graph/write";
import { KNOW, library } from "./samples";

const doc = library("text-to-image");
const link = (text: string) => {
  const found = parseLink(text);
  if (!found) throw new Error(text);
  return found;
};
const codes = (of: Doc) =>
  problemsOf(KNOW, of).map((problem) => `${problem.code} ${problem.node}.${problem.port}`);

describe("bypass", () => {
  test("the sampler passes its latent on: the input of the output's type", () => {
    const after = toggleBypass(KNOW, doc, ["sampler"]);
    expect(after.nodes.sampler?.bypass).toMatchObject({ latent: "latent" });
    expect(codes(after)).toEqual([]);
    expect(silencedBy(after, link("sampler.latent"))).toBeNull();
  });

  test("pressed twice it runs again, byte for byte; the diff takes it back", () => {
    const after = toggleBypass(KNOW, doc, ["sampler", "decode"]);
    expect(documentText(toggleBypass(KNOW, after, ["sampler", "decode"]))).toBe(documentText(doc));
    expect(documentText(applyDiff(after, reverse(diffOf(doc, after))))).toBe(documentText(doc));
    expect(readText(documentText(after)).nodes.sampler?.bypass).toEqual(after.nodes.sampler?.bypass);
  });

  test("where some run, all are bypassed; where all are, all run", () => {
    const one = toggleBypass(KNOW, doc, ["sampler"]);
    const both = toggleBypass(KNOW, one, ["sampler", "decode"]);
    expect(both.nodes.decode?.bypass).toEqual({});
    expect(both.nodes.sampler?.bypass).not.toBeNull();
    expect(toggleBypass(KNOW, both, ["sampler", "decode"]).nodes.sampler?.bypass).toBeNull();
  });

  test("an input that has something goes before one that has nothing", () => {
    const added = addNode(doc, "Blend", 1, { x: 0, y: 0 }).doc;
    const wired = put(added.nodes, "blend_1", {
      ...added.nodes.blend_1,
      type: "Blend",
      version: 1,
      title: null,
      params: {},
      inputs: { b: "decode.image" },
      graph: null,
      bypass: null,
      pin: null,
    });
    const know = {
      ...KNOW,
      catalog: { ...KNOW.catalog, Blend: { ...blend, type: "Blend" } },
    };
    expect(passing(know, { ...doc, nodes: wired }, "blend_1")).toEqual({ image: "b" });
    expect(passing(know, added, "blend_1")).toEqual({ image: "a" });
  });

  test("another input can be chosen to pass, or none", () => {
    const after = toggleBypass(KNOW, doc, ["sampler"]);
    expect(setPassing(after, "sampler", "latent", "other").nodes.sampler?.bypass?.latent).toBe("other");
    expect(setPassing(after, "sampler", "latent", null).nodes.sampler?.bypass?.latent).toBeUndefined();
    expect(setPassing(doc, "sampler", "latent", "other")).toBe(doc);
  });

  test("a needed input whose wire comes from a muted node is a problem that names it", () => {
    const after = toggleMute(doc, ["sampler"]);
    expect(after.nodes.sampler?.bypass).toEqual({});
    expect(problemsOf(KNOW, after)).toEqual([
      { code: "muted", node: "decode", port: "latent", by: "sampler" },
    ]);
    expect(documentText(toggleMute(after, ["sampler"]))).toBe(documentText(doc));
  });

  test("a chain of bypassed nodes ends at the muted one", () => {
    const chained = toggleMute(toggleBypass(KNOW, doc, ["sampler"]), ["empty"]);
    expect(silencedBy(chained, link("sampler.latent"))).toBe("empty");
    expect(codes(chained)).toEqual(["muted decode.latent"]);
  });

  test("a bypassed node has no problems of its own", () => {
    const broken = setWire(doc, { node: "sampler", port: "latent" }, undefined);
    expect(codes(broken)).toEqual(["missing sampler.latent"]);
    expect(codes(toggleMute(broken, ["sampler", "decode"]))).toEqual([]);
    expect(codes(toggleBypass(KNOW, broken, ["sampler"]))).toEqual(["muted decode.latent"]);
  });

  test("bypassed nodes in a circle do not hang it", () => {
    const one = addNode(addNode(doc, "Same", 1, { x: 0, y: 0 }).doc, "Same", 1, { x: 0, y: 0 }).doc;
    const ring = setWire(
      setWire(one, { node: "same_1", port: "x" }, "same_2.out"),
      { node: "same_2", port: "x" },
      "same_1.out",
    );
    const nodes = Object.fromEntries(
      Object.entries(ring.nodes).map(([id, node]) => [
        id,
        id.startsWith("same") ? { ...node, bypass: { out: "x" } } : node,
      ]),
    );
    expect(silencedBy({ ...ring, nodes }, link("same_1.out"))).toBeNull();
  });

  test("wires see the type that passes, not the one that the node would give", () => {
    const open = setPassing(toggleBypass(KNOW, doc, ["decode"]), "decode", "image", "latent");
    expect(typesOf(KNOW, open).get("decode")?.outputs.get("image")?.name).toBe("Latent");
    const from = { node: "decode", port: "image" };
    const fits = (given: Doc) => {
      const added = addNode(given, "VAEDecode", 1, { x: 0, y: 0 });
      return mayConnect(KNOW, added.doc, from, { node: added.id, port: "latent" }).ok;
    };
    expect([fits(doc), fits(open)]).toEqual([false, true]);
  });

  test("a change of it is a line of the changes", () => {
    const changes = changesBetween(doc, toggleMute(setParam(doc, "sampler", "steps", 20), ["sampler"]));
    expect(changes).toContainEqual({ kind: "added", what: "sampler bypass", before: null, after: "{}" });
  });
});

const image = { name: "Image", many: false };
const blend = {
  ...KNOW.catalog.Sampler,
  title: "Blend",
  help: "",
  category: "image",
  version: 1,
  lane: "cpu",
  known: true,
  inputs: ["a", "b"].map((name) => ({
    name,
    type: image,
    required: true,
    default: null,
    schema: null,
    widget: null,
    lazy: false,
    help: "",
  })),
  outputs: [{ name: "image", type: image, optional: false }],
};
