import { describe, expect, test } from "vitest";
import { duplicate } from "../../../src/graph/clipboard";
import { applyDiff, diffOf, reverse } from "../../../src/graph/diff";
import type { Doc } from "../../../src/graph/document";
import { group } from "../../../src/graph/edit/group";
import { inside, moveAll, removeMarks, setBookmark, setColour } from "../../../src/graph/edit/marks";
import { removeNodes, renameNode } from "../../../src/graph/edit/nodes";
import { addPoint, nameWires, pointId, pruned } from "../../../src/graph/edit/routes";
import { bestPair, disconnect, swap } from "../../../src/graph/edit/wires";
import { aligned, distributed } from "../../../src/graph/layout/align";
import { elkGraph, placesOf } from "../../../src/graph/layout/elk";
import { snapTo } from "../../../src/graph/layout/guides";
import { layoutOf } from "../../../src/graph/layout/metrics";
import { crossed, middleOf, nearest, passes, svgRoute, WIRE_STYLES } from "../../../src/graph/layout/route";
import { readText } from "../../../src/graph/read";
import { specOf } from "../../../src/graph/spec";
import { structureOf } from "../../../src/graph/structure";
import { documentText } from "../../../src/graph/write";
import { KNOW, library } from "./samples";

const doc = library("text-to-image");
const WIRE = "sampler.latent>decode.latent";
const POSITIVE = "positive.conditioning>guidance.positive";
const bent = addPoint(addPoint(doc, WIRE, 0, { x: 10.4, y: 20 }), WIRE, 1, { x: 30, y: 40 });
const points = (of: Doc) => of.wires[WIRE]?.points;

describe("points and names of wires", () => {
  test("are kept in the file, and read again byte for byte", () => {
    const given = setBookmark(
      nameWires(bent, [POSITIVE], () => "words"),
      "3",
      { x: 1, y: 2, zoom: 0.5 },
    );
    const again = readText(documentText(given));
    expect(again.wires).toEqual({
      [WIRE]: {
        points: [
          { x: 10, y: 20 },
          { x: 30, y: 40 },
        ],
        name: null,
      },
      [POSITIVE]: { points: [], name: "words" },
    });
    expect(again.bookmarks).toEqual({ "3": { x: 1, y: 2, zoom: 0.5 } });
    expect(documentText(again)).toBe(documentText(given));
  });

  test("what is no look of a wire is kept as it is", () => {
    const text = documentText(doc).replace('"outputs"', '"ui": {"wires": {"a": {"shape": 3}}},\n  "outputs"');
    const given = readText(text);
    expect(given.wires).toEqual({});
    expect(given.rest).toEqual({ wires: { a: { shape: 3 } } });
  });

  test("are undone and done again", () => {
    for (const after of [bent, nameWires(doc, [WIRE], () => "a"), setColour(doc, ["decode"], "red")]) {
      expect(documentText(applyDiff(after, reverse(diffOf(doc, after))))).toBe(documentText(doc));
      expect(documentText(applyDiff(doc, diffOf(doc, after)))).toBe(documentText(after));
    }
  });

  test("move and go by their ids, as nodes do", () => {
    const moved = moveAll(bent, { [pointId(WIRE, 1)]: { x: 92, y: 92 } });
    expect(points(moved)).toEqual([
      { x: 10, y: 20 },
      { x: 100, y: 100 },
    ]);
    expect(points(removeMarks(moved, new Set([pointId(WIRE, 0)])))).toEqual([{ x: 100, y: 100 }]);
    expect(removeMarks(bent, new Set([pointId(WIRE, 0), pointId(WIRE, 1)])).wires).toEqual({});
    const frame = { x: 0, y: 0, width: 50, height: 30 };
    expect(inside(frame, { [pointId(WIRE, 0)]: { x: 2, y: 12, width: 16, height: 16 } })).toHaveLength(1);
  });

  test("follow a renamed node, a copy and a subgraph, and go with their wire", () => {
    expect(renameNode(bent, "decode", "picture").wires).toHaveProperty(["sampler.latent>picture.latent"]);
    const copied = duplicate(bent, new Set(["sampler", "decode"]), { x: 5, y: 5 }, "drop").doc;
    expect(Object.keys(copied.wires)).toEqual([WIRE, "sampler_1.latent>decode_1.latent"]);
    const grouped = group(bent, new Set(["sampler", "decode"]), "Base");
    const inner = grouped.doc.nodes[grouped.id]?.graph;
    expect(grouped.doc.wires).toEqual({});
    expect(typeof inner === "object" && inner?.wires).toHaveProperty([WIRE]);
    expect(pruned(removeNodes(bent, new Set(["decode"]))).wires).toEqual({});
    expect(pruned(bent)).toBe(bent);
  });

  test("stay between the ends when the graph is tidied up", async () => {
    const { default: Elk } = await import("elkjs");
    const layout = (id: string) =>
      layoutOf(specOf(KNOW, bent, id), {
        title: "Title",
        wired: new Set(),
        collapsed: false,
        preview: null,
        strip: 0,
      });
    const graph = elkGraph(bent, new Set(Object.keys(doc.nodes)), layout);
    const places = placesOf(await new Elk().layout(graph), { x: 0, y: 0 });
    const xs = ["sampler", pointId(WIRE, 0), pointId(WIRE, 1), "decode"].map((id) => places[id]?.x ?? 0);
    expect(xs).toEqual([...xs].sort((a, b) => a - b));
    expect(new Set(xs).size).toBe(4);
  });
});

describe("the way of a wire", () => {
  const stops = [
    { x: 0, y: 0 },
    { x: 100, y: 80 },
    { x: 200, y: 0 },
  ];

  test.each(WIRE_STYLES)("a %s one runs through its points", (style) => {
    expect(nearest(style, stops, { x: 100, y: 80 })?.distance).toBeLessThan(0.01);
    expect(nearest(style, stops, { x: 20, y: 5 })?.part).toBe(0);
    expect(nearest(style, stops, { x: 180, y: 5 })?.part).toBe(1);
    expect(svgRoute(style, stops)).toMatch(/^M0 0.*200 0$/);
  });

  test.each(WIRE_STYLES)("a %s one is cut by a stroke across it, and by no other", (style) => {
    const down = (x: number) => [
      { x, y: -50 },
      { x, y: 150 },
    ];
    expect(crossed(style, stops, down(50))).toBe(true);
    expect(crossed(style, stops, down(320))).toBe(false);
  });

  test("it passes through a box or does not", () => {
    const line = [
      { x: 0, y: 0 },
      { x: 100, y: 0 },
    ];
    expect(passes("straight", line, { x: 40, y: -10, width: 20, height: 30 })).toBe(5);
    expect(passes("straight", line, { x: 40, y: 10, width: 20, height: 30 })).toBeNull();
    expect(middleOf("straight", line)).toEqual({ part: 0, point: { x: 50, y: 0 }, distance: 0 });
  });

  test("right angles go back around where the end lies behind", () => {
    expect(
      svgRoute("orthogonal", [
        { x: 0, y: 0 },
        { x: -100, y: 40 },
      ]),
    ).toBe("M0 0L16 0L16 20L-116 20L-116 40L-100 40");
  });
});

describe("wiring by node", () => {
  test("two inputs of one type are swapped, with their points", () => {
    const given = addPoint(doc, POSITIVE, 0, { x: 1, y: 1 });
    const swapped = swap(KNOW, given, "guidance", null);
    expect(swapped?.nodes.guidance?.inputs).toMatchObject({
      positive: "negative.conditioning",
      negative: "positive.conditioning",
    });
    expect(Object.keys(swapped?.wires ?? {})).toEqual(["positive.conditioning>guidance.negative"]);
    expect(swap(KNOW, doc, "decode", null)).toBeNull();
    expect(swap(KNOW, doc, "sampler", ["denoiser", "latent"])).toBeNull();
  });

  test("the sockets that fit best are found: free before taken", () => {
    expect(bestPair(KNOW, doc, "empty", "sampler")).toEqual({
      from: { node: "empty", port: "latent" },
      to: { node: "sampler", port: "latent" },
    });
    const free = disconnect(doc, structureOf(doc).into.get("guidance") ?? []);
    expect(bestPair(KNOW, free, "negative", "guidance")?.to.port).toBe("positive");
    expect(bestPair(KNOW, doc, "decode", "sampler")).toBeNull();
  });
});

describe("order on the canvas", () => {
  const boxes = {
    a: { x: 0, y: 0, width: 10, height: 10 },
    b: { x: 12, y: 40, width: 30, height: 10 },
    c: { x: 100, y: 20, width: 20, height: 30 },
  };

  test("boxes are put in line at each side", () => {
    expect(aligned(boxes, "right")).toEqual({
      a: { x: 110, y: 0 },
      b: { x: 90, y: 40 },
      c: { x: 100, y: 20 },
    });
    expect(aligned(boxes, "bottom").c).toEqual({ x: 100, y: 20 });
  });

  test("the same room is put between them", () => {
    expect(distributed(boxes, "x")).toEqual({ a: { x: 0, y: 0 }, b: { x: 40, y: 40 }, c: { x: 100, y: 20 } });
  });

  test("a dragged box snaps to the nearest edge of a neighbour, and the line is shown", () => {
    const box = { x: 4, y: 300, width: 70, height: 20 };
    const snapped = snapTo(box, Object.values(boxes), 6);
    expect(snapped.by).toEqual({ x: -4, y: 0 });
    expect(snapped.guides).toEqual([{ axis: "x", at: 0, from: 0, to: 320 }]);
    expect(snapTo({ ...box, x: 4000 }, Object.values(boxes), 6).guides).toEqual([]);
  });
});
