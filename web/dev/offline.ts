/** A backend of files, for work on the editor without a server; `?offline=demo` plays a run. */

import type { Backend } from "../src/api/backend";
import type { Run, RunEvent } from "../src/api/types";
import { showRun } from "../src/app/desk";
import { runs } from "../src/app/following";
import { marks } from "../src/app/stage";
import { choose } from "../src/app/view";
import { readCatalog } from "../src/graph/catalog";
import { parseJson } from "../src/graph/parse";
import { readText } from "../src/graph/read";
import catalogText from "./fixtures/catalog.json?raw";

const LIBRARY = import.meta.glob<string>("./fixtures/library/*.json", {
  query: "?raw",
  import: "default",
  eager: true,
});
const graphs = new Map(
  Object.entries(LIBRARY).map(([path, text]) => [path.slice(path.lastIndexOf("/") + 1, -5), text]),
);

function text(id: string): string {
  return graphs.get(id) ?? "{}";
}

export const OFFLINE: Backend & { readonly play: () => Promise<void> } = {
  live: false,
  catalog: async () => readCatalog(parseJson(catalogText)),
  templates: async () => [...graphs.keys()].map((id) => ({ id, name: readText(text(id)).name })),
  template: async (id) => readText(text(id)),
  submit: () => Promise.reject(new Error("there is no server")),
  run: () => Promise.reject(new Error("there is no server")),
  cancel: async () => undefined,
  runs: async () => [],
  runGraph: async () => readText("{}"),
  play: async () => {
    if (new URLSearchParams(location.search).get("offline") === "demo") await demo();
  },
};

const RUN: Run = {
  id: "demo",
  number: 1,
  status: "running",
  name: "Text to image",
  priority: 0,
  inputs: {},
  targets: [],
  attempt: 1,
  last: -1,
  created: 0,
  started: null,
  finished: null,
  graph: null,
  cell: null,
  retry_of: null,
  fault: null,
  outputs: {},
  counts: null,
  models: [],
};

/** The middle of a run, as the mock shows one. */
async function demo(): Promise<void> {
  const cached = ["model", "tokens", "negative_tokens", "positive", "negative"];
  const events: RunEvent[] = [
    ...cached.map(
      (node, n): RunEvent => ({ type: "node_cached", n, at: 0, node, tier: "memory", outputs: {} }),
    ),
    {
      type: "node_finished",
      n: 5,
      at: 0,
      node: "empty",
      seconds: 0.002,
      peak: null,
      outputs: {},
      summaries: {},
      ran: 1,
      cached: 0,
    },
    {
      type: "node_finished",
      n: 6,
      at: 0,
      node: "guidance",
      seconds: 0.0001,
      peak: null,
      outputs: {},
      summaries: {},
      ran: 1,
      cached: 0,
    },
    { type: "node_started", n: 7, at: 0, node: "sampler", items: null },
    {
      type: "node_failed",
      n: 8,
      at: 0,
      node: "decode",
      message: "The picture is too large for the memory of this device.",
      blame: "input",
      item: null,
    },
  ];
  runs.begin(RUN);
  runs.events("demo", events);
  runs.progress({
    type: "progress",
    run: "demo",
    node: "sampler",
    step: 18,
    total: 28,
    rate: 7.8,
    left: 1.3,
    item: null,
  });
  runs.preview("demo", "sampler", {
    run: 1,
    node: 0,
    item: null,
    seq: 1,
    mediaType: "image/png",
    image: await picture(),
  });
  showRun("demo");
  marks.setState({
    shown: new Map([["sampler", "picture"]]),
    faults: { decode: "The picture is too large for the memory of this device." },
  });
  choose(["sampler"]);
}

/** Noise with a sun in it. */
async function picture(): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = new OffscreenCanvas(48, 36);
  const context = canvas.getContext("2d");
  for (let x = 0; x < 48; x += 1) {
    for (let y = 0; y < 36; y += 1) {
      const sun = Math.exp(-((x - 32) ** 2 + (y - 18) ** 2 * 4) / 200);
      const noise = Math.random() * 40;
      if (context)
        context.fillStyle = `rgb(${60 + sun * 180 + noise} ${60 + sun * 90 + noise} ${110 - sun * 50 + noise})`;
      context?.fillRect(x, y, 1, 1);
    }
  }
  return new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
}
