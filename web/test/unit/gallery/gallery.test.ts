import { expect, test } from "vitest";
import type { Run } from "../../../src/api/types";
import { entriesOf, fileName, inputsOf, matches } from "../../../src/gallery/entries";
import { crc32, zip } from "../../../src/gallery/zip";
import { type Doc, EMPTY, newNode } from "../../../src/graph/document";

function run(
  number: number,
  outputs: NonNullable<Run["outputs"]>,
  inputs: NonNullable<Run["inputs"]> = {},
): Run {
  const none = {
    cell: null,
    counts: null,
    fault: null,
    graph: null,
    retry_of: null,
    started: null,
    finished: null,
  };
  const plain = {
    ...none,
    priority: 0,
    targets: [],
    models: [],
    attempt: 1,
    last: 9,
    created: 1000 + number,
  };
  return { ...plain, id: `r_${number}`, number, status: "done", name: "Text to image", inputs, outputs };
}

const picture = (link: string, ...digests: string[]) => ({
  link,
  type: "Image",
  digests,
  many: digests.length > 1,
});

const doc: Doc = {
  ...EMPTY,
  nodes: {
    tokens: newNode("Tokenizer", 1, { text: "a Red circle" }),
    sampler: newNode("Sampler", 1, { seed: 3 }),
    sub: {
      ...newNode("Subgraph", 1),
      graph: { ...EMPTY, nodes: { inner: newNode("T", 1, { text: "deep" }) } },
    },
  },
  inputs: {
    prompt: { to: ["tokens.text"], title: "Prompt" },
    seed: { to: ["sampler.seed"], title: null },
    steps: { to: ["sampler.steps"], title: null },
    inside: { to: ["sub/inner.text"], title: null },
  },
};

test("every picture of every run is one entry, the newest first; the same content is one, of its newest run", () => {
  const old = run(1, { image: picture("decode.image", "a") });
  const many = run(2, { images: picture("decode.image", "b", "a") });
  const other = run(3, { latent: { link: "s.latent", type: "Latent", digests: ["c"], many: false } });
  const sound = run(4, { sound: { link: "voice.audio", type: "Audio", digests: ["d"], many: false } });
  expect(entriesOf([old, many, other, sound]).map((e) => [e.digest, e.kind, e.run.number, e.link])).toEqual([
    ["d", "audio", 4, "voice.audio"],
    ["b", "picture", 2, "decode.image[0]"],
    ["a", "picture", 2, "decode.image[1]"],
  ]);
});

test("a search finds words of the inputs, of the graph and of its name, in any order", () => {
  const [entry] = entriesOf([run(1, { image: picture("decode.image", "a") }, { style: "in oil" })]);
  if (!entry) throw new Error("no entry");
  for (const query of ["", "red", "circle RED", "image oil", "deep"])
    expect(matches(entry, doc, query)).toBe(true);
  for (const query of ["green", "red green", "tokenizer"]) expect(matches(entry, doc, query)).toBe(false);
  expect(matches(entry, null, "red")).toBe(false);
});

test("the exact inputs are those given to the run, then those of the document, then none", () => {
  expect(inputsOf(doc, { seed: 8 }).map(({ name, title, value }) => [name, title, value])).toEqual([
    ["prompt", "Prompt", "a Red circle"],
    ["seed", "seed", 8],
    ["steps", "steps", null],
    ["inside", "inside", "deep"],
  ]);
});

test("a file is named after graph, run and place, whatever the graph is called", () => {
  const [entry] = entriesOf([run(7, { image: picture("decode.image", "abcdef0123", "b") })]);
  if (!entry) throw new Error("no entry");
  expect(fileName(entry, "png")).toBe("Text-to-image-7-decode-image-0-abcdef01.png");
  const odd = { ...entry, run: { ...entry.run, name: "../Öl: a/b" } };
  expect(fileName(odd, "png")).toBe("Öl-a-b-7-decode-image-0-abcdef01.png");
});

test("a zip holds the files as they are, each with its checksum, and a list of them at the end", async () => {
  const bytes = new TextEncoder().encode("123456789");
  expect(crc32(bytes)).toBe(0xcbf43926);
  const file = new DataView(
    await zip([
      { name: "ä.txt", bytes },
      { name: "b", bytes: new Uint8Array() },
    ]).arrayBuffer(),
  );
  expect([file.getUint32(0, true), file.getUint32(14, true), file.getUint32(18, true)]).toEqual([
    0x04034b50, 0xcbf43926, 9,
  ]);
  const end = file.byteLength - 22;
  expect([file.getUint32(end, true), file.getUint16(end + 10, true)]).toEqual([0x06054b50, 2]);
  const start = file.getUint32(end + 16, true);
  expect([file.getUint32(start, true), start + file.getUint32(end + 12, true)]).toEqual([0x02014b50, end]);
  const second = start + 46 + 6;
  expect([file.getUint32(second, true), file.getUint32(second + 42, true)]).toEqual([0x02014b50, 30 + 6 + 9]);
});
