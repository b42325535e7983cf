/** Search in the whole graph, what a graph touches, and graphs in addresses. */

import { describe, expect, test } from "vitest";
import { EMPTY, newNode } from "../../../src/graph/document";
import { group } from "../../../src/graph/edit/group";
import { find, spotsOf } from "../../../src/graph/find";
import { pack, unpack } from "../../../src/graph/packed";
import { reachOf } from "../../../src/graph/reach";
import { documentText } from "../../../src/graph/write";
import { KNOW, library } from "./samples";

const NO_FAULTS = () => [];
const grouped = () => group(library("text-to-image"), new Set(["tokens", "positive"]), "Words").doc;

describe("search in the graph", () => {
  test("goes into subgraphs, and says the way", () => {
    const [first] = find("small red circle", spotsOf(KNOW, grouped(), NO_FAULTS));
    expect(first?.spot).toMatchObject({ path: ["subgraph_1"], way: ["Words"], id: "tokens" });
    expect(first?.word.kind).toBe("value");
  });

  test("finds names, types, notes and errors", () => {
    const doc = {
      ...library("text-to-image"),
      notes: { note_1: { x: 0, y: 0, width: 1, height: 1, text: "Try 30 steps" } },
    };
    const spots = spotsOf(KNOW, doc, (_, id) => (id === "decode" ? ["error: out of memory"] : []));
    const ids = (query: string) => find(query, spots).map(({ spot }) => spot.id);
    expect(ids("sampler")[0]).toBe("sampler");
    expect(ids("VAEDecode")[0]).toBe("decode");
    expect(ids("try 30")).toEqual(["note_1"]);
    expect(ids("error")).toEqual(["decode"]);
    expect(ids("xyzzy")).toEqual([]);
  });

  test("lists everything where nothing is asked", () => {
    const doc = library("text-to-image");
    expect(find("", spotsOf(KNOW, doc, NO_FAULTS))).toHaveLength(Object.keys(doc.nodes).length);
  });
});

describe("what a graph touches", () => {
  const only = (type: string, params = {}) => ({ ...EMPTY, nodes: { a: newNode(type, 1, params) } });

  test("is nothing for what ships", () => {
    expect(reachOf(KNOW, library("text-to-image"))).toEqual([]);
  });

  test("is the network for a model of the hub, inside subgraphs too", () => {
    const doc = group(only("Checkpoint", { source: "hub:org/name" }), new Set(["a"]), "").doc;
    expect(reachOf(KNOW, doc)).toEqual([{ kind: "download", node: "subgraph_1/a", what: "hub:org/name" }]);
  });

  test("is files for assets, local models and names that come by wire", () => {
    expect(reachOf(KNOW, only("LoadImage", { image: "asset:1" }))[0]?.kind).toBe("asset");
    expect(reachOf(KNOW, only("Checkpoint", { source: "mine" }))[0]?.kind).toBe("model");
    const { LoadImage } = KNOW.catalog;
    const [picture] = LoadImage?.inputs ?? [];
    if (!LoadImage || !picture) throw new Error("the catalog has no LoadImage");
    const widget = { kind: "images", options: {} };
    const inputs = [{ ...picture, name: "pictures", widget }];
    const know = { ...KNOW, catalog: { Album: { ...LoadImage, type: "Album", inputs } } };
    const many = reachOf(know, only("Album", { pictures: ["asset:1", "asset:2"] }));
    expect(many.map(({ what }) => what)).toEqual(["asset:1", "asset:2"]);
    const wired = { ...newNode("Checkpoint", 1), inputs: { source: "b.text" } };
    expect(reachOf(KNOW, { ...EMPTY, nodes: { a: wired } })[0]?.kind).toBe("wired");
  });

  test("is code that is not here", () => {
    expect(reachOf(KNOW, only("pack/Magic"))).toEqual([{ kind: "missing", node: "a", what: "pack/Magic" }]);
  });
});

describe("a graph in an address", () => {
  test("comes back byte for byte", async () => {
    const doc = library("text-to-image");
    const packed = await pack(doc);
    expect(packed).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(documentText(await unpack(packed))).toBe(documentText(doc));
  });

  test("that is damaged, or too large, is refused", async () => {
    const packed = await pack(library("text-to-image"));
    await expect(unpack(packed.slice(0, 40))).rejects.toThrow();
    await expect(unpack("not a graph!")).rejects.toThrow("no graph");
    const large = await pack({ ...EMPTY, name: "x".repeat(3_000_000) });
    await expect(unpack(large)).rejects.toThrow("too large");
  });
});
