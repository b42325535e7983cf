import { describe, expect, test } from "vitest";
import { addNode } from "../../../src/graph/edit/nodes";
import { connect } from "../../../src/graph/edit/wires";
import { evaluate } from "../../../src/graph/expression";
import { columns } from "../../../src/graph/layout/columns";
import { elkGraph, placesOf } from "../../../src/graph/layout/elk";
import { layoutOf } from "../../../src/graph/layout/metrics";
import { candidates, fuzzy, searchNodes } from "../../../src/graph/search";
import { specOf } from "../../../src/graph/spec";
import { structureOf } from "../../../src/graph/structure";
import { KNOW, library } from "./samples";

const plain = { title: "Title", wired: new Set<string>(), collapsed: false, preview: null, strip: 0 };

describe("number expressions", () => {
  test.each([
    ["1024/8", 128],
    ["seed + 1", 8],
    ["2*(3+4)^2", 98],
    ["-2**2", -4],
    ["2**-1", 0.5],
    ["50%", 0.5],
    ["7 % 4", 3],
    ["1_000.5", 1000.5],
    ["3,5", 3.5],
    ["1e3", 1000],
    [".5", 0.5],
    ["pi", Math.PI],
  ])("%s is %d", (text, value) => {
    expect(evaluate(text, { seed: 7 })).toBeCloseTo(value, 12);
  });

  test.each(["", "1 +", "(1", "1)", "constructor", "alert(1)", "1/0", "2 3", "a.b", "[1]", "(".repeat(99)])(
    "%j is refused",
    (text) => {
      expect(() => evaluate(text)).toThrow();
    },
  );
});

describe("search", () => {
  test.each([
    ["samp", "Sampler"],
    ["vdec", "VAEDecode"],
    ["ksampler", "Sampler"],
    ["prompt", "Tokenizer"],
    ["empty", "EmptyLatent"],
    ["txt enc", "TextEncoder"],
  ])("%s finds %s", (query, type) => {
    expect(
      searchNodes(KNOW.catalog, query, [])
        .slice(0, 3)
        .map((spec) => spec.type),
    ).toContain(type);
  });

  test("a recent one comes first among equals, and letters must stand in order", () => {
    expect(
      searchNodes(KNOW.catalog, "", ["VAEDecode", "CFG"])
        .slice(0, 2)
        .map((spec) => spec.type),
    ).toEqual(["VAEDecode", "CFG"]);
    expect(fuzzy("zz", "sampler")).toBe(0);
  });

  test("a wire of latents is offered the nodes that take one", () => {
    const found = candidates(KNOW.catalog, { gives: { name: "Latent", many: false } });
    expect(found.find((one) => one.spec.type === "VAEDecode")?.port).toBe("latent");
    expect(found.some((one) => one.spec.type === "Checkpoint")).toBe(false);
    const makers = candidates(KNOW.catalog, { takes: { name: "Latent", many: false } });
    expect(makers.map((one) => one.spec.type)).toContain("EmptyLatent");
  });
});

describe("layout", () => {
  const doc = library("text-to-image");
  const layout = (id: string) => layoutOf(specOf(KNOW, doc, id), plain);

  test("every port of every node type has a handle on its edge, inside its height", () => {
    for (const spec of Object.values(KNOW.catalog)) {
      const { handles, width, height } = layoutOf(spec, plain);
      expect(handles.map((handle) => `${handle.side} ${handle.id}`).sort()).toEqual(
        [
          ...spec.inputs.map((port) => `input ${port.name}`),
          ...spec.outputs.map((port) => `output ${port.name}`),
        ].sort(),
      );
      expect(
        handles.every((handle) => handle.y > 0 && handle.y < height && [0, width].includes(handle.x)),
      ).toBe(true);
    }
  });

  test("a wired field becomes a socket row", () => {
    const spec = specOf(KNOW, doc, "sampler");
    const row = layoutOf(spec, { ...plain, wired: new Set(["seed"]) }).rows.find(
      (one) => one.input?.name === "seed",
    );
    expect(row?.kind).toBe("ports");
  });

  test("columns put producers left of consumers, and nothing on top of another", () => {
    const places = columns(doc, layout);
    for (const { from, to } of structureOf(doc).edges) {
      expect((places[from]?.x ?? 0) + layout(from).width).toBeLessThan(places[to]?.x ?? 0);
    }
    const ids = Object.keys(places);
    for (const a of ids) for (const b of ids) if (a < b) expect(overlap(a, b)).toBe(false);

    function overlap(a: string, b: string): boolean {
      const [p, q] = [places[a], places[b]];
      if (!p || !q) return false;
      const across = p.x < q.x + layout(b).width && q.x < p.x + layout(a).width;
      return across && p.y < q.y + layout(b).height && q.y < p.y + layout(a).height;
    }
  });

  test("elk is given ports where the sockets are, and its answer keeps the corner", async () => {
    const { default: Elk } = await import("elkjs");
    const graph = elkGraph(doc, new Set(Object.keys(doc.nodes)), layout);
    const places = placesOf(await new Elk().layout(graph), { x: 100, y: 50 });
    expect(Math.min(...Object.values(places).map((place) => place.x))).toBe(100);
    expect(places.model?.x).toBeLessThan(places.decode?.x ?? 0);
  });

  test("a graph of 1000 nodes is placed in a moment", () => {
    let big = doc;
    for (let at = 0; at < 990; at += 1) big = addNode(big, "VAEDecode", 1, { x: 0, y: 0 }).doc;
    const chained = connect(
      KNOW,
      big,
      { node: "sampler", port: "latent" },
      { node: "vae_decode_5", port: "latent" },
    );
    const started = performance.now();
    columns(chained, (id) => layoutOf(specOf(KNOW, chained, id), plain));
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
