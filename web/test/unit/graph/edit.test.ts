import { describe, expect, test } from "vitest";
import { copyText, duplicate, paste, readClipboard } from "../../../src/graph/clipboard";
import { mayConnect } from "../../../src/graph/compat";
import { applyDiff, diffOf, reverse, squash } from "../../../src/graph/diff";
import { type Doc, EMPTY } from "../../../src/graph/document";
import { group, ungroup } from "../../../src/graph/edit/group";
import { addFrame, addNote, inside } from "../../../src/graph/edit/marks";
import {
  addNode,
  moveNodes,
  removeNodes,
  renameNode,
  setParam,
  setTitle,
} from "../../../src/graph/edit/nodes";
import { exposeInput, hideInput } from "../../../src/graph/edit/public";
import { connect, disconnect, heal, splice } from "../../../src/graph/edit/wires";
import { begin, record, redo, undo } from "../../../src/graph/history";
import { problemsOf } from "../../../src/graph/problems";
import { specOf } from "../../../src/graph/spec";
import { structureOf } from "../../../src/graph/structure";
import { documentText } from "../../../src/graph/write";
import { KNOW, library } from "./samples";

const doc = library("text-to-image");
const edge = (of: Doc, to: string, port: string) =>
  structureOf(of).edges.filter((one) => one.to === to && one.port === port);

describe("edits", () => {
  const all: Record<string, (given: Doc) => Doc> = {
    add: (given) => addNode(given, "Sampler", 1, { x: 10.4, y: 3 }).doc,
    remove: (given) => removeNodes(given, new Set(["model", "decode"])),
    rename: (given) => renameNode(given, "tokens", "words"),
    title: (given) => setTitle(given, "tokens", "Words"),
    param: (given) => setParam(given, "sampler", "steps", 30),
    move: (given) => moveNodes(given, { sampler: { x: 5, y: 6 } }),
    disconnect: (given) => disconnect(given, edge(given, "sampler", "latent")),
    group: (given) => group(given, new Set(["sampler", "empty", "guidance"]), "Base").doc,
    duplicate: (given) => duplicate(given, new Set(["sampler", "empty"]), { x: 20, y: 20 }, "keep").doc,
    frame: (given) => addFrame(given, { x: 0, y: 0, width: 10, height: 10 }, "Base").doc,
    note: (given) => addNote(given, { x: 0, y: 0 }).doc,
    expose: (given) => exposeInput(given, { node: "guidance", port: "rescale" }, "Rescale"),
    hide: (given) => hideInput(given, { node: "tokens", port: "text" }),
  };

  test.each(Object.keys(all))(
    "%s changes the document, and its diff takes it back and does it again",
    (name) => {
      const after = all[name]?.(doc) ?? doc;
      const diff = diffOf(doc, after);
      expect(documentText(after)).not.toBe(documentText(doc));
      expect(documentText(applyDiff(after, reverse(diff)))).toBe(documentText(doc));
      expect(documentText(applyDiff(doc, diff))).toBe(documentText(after));
    },
  );

  test("two diffs squashed do what both do, and go back", () => {
    const middle = setParam(doc, "sampler", "steps", 30);
    const after = removeNodes(addNode(middle, "CFG", 1, { x: 0, y: 0 }).doc, new Set(["sampler"]));
    const whole = squash(diffOf(doc, middle), diffOf(middle, after));
    expect(documentText(applyDiff(doc, whole))).toBe(documentText(after));
    expect(documentText(applyDiff(after, reverse(whole)))).toBe(documentText(doc));
  });

  test("removing a node removes its links, public inputs and outputs", () => {
    const after = removeNodes(doc, new Set(["model", "decode"]));
    expect(after.outputs).toEqual({});
    expect(after.inputs.model).toBeUndefined();
    expect(after.nodes.tokens?.inputs).toEqual({});
    expect(structureOf(after).edges.every((one) => one.from !== "model")).toBe(true);
  });

  test("a renamed node is renamed in every link", () => {
    const text = documentText(renameNode(doc, "tokens", "words"));
    expect(text).not.toContain('"tokens.');
    expect(text).toContain('"words.text"');
    expect(text).toContain('"words.tokens"');
  });

  test("connecting replaces what a port had, and adds to a list port", () => {
    let lists = addNode(addNode(EMPTY, "Text", 1, { x: 0, y: 0 }).doc, "Text", 1, { x: 0, y: 90 }).doc;
    lists = addNode(lists, "JoinText", 1, { x: 200, y: 0 }).doc;
    const to = { node: "join_text_1", port: "texts" };
    lists = connect(KNOW, lists, { node: "text_1", port: "text" }, to);
    lists = connect(KNOW, lists, { node: "text_2", port: "text" }, to);
    expect(lists.nodes.join_text_1?.inputs.texts).toEqual(["text_1.text", "text_2.text"]);
    expect(
      disconnect(lists, edge(lists, "join_text_1", "texts").slice(0, 1)).nodes.join_text_1?.inputs.texts,
    ).toEqual(["text_2.text"]);
  });

  test("a node is spliced into a wire, and healed out of it", () => {
    let given = addNode(doc, "ResizeImage", 1, { x: 0, y: 0 }).doc;
    given = addNode(given, "VAEEncode", 1, { x: 0, y: 0 }).doc;
    given = connect(KNOW, given, { node: "decode", port: "image" }, { node: "vae_encode_1", port: "image" });
    const [wire] = edge(given, "vae_encode_1", "image");
    const spliced = wire && splice(KNOW, given, wire, "resize_image_1");
    expect(spliced?.nodes.vae_encode_1?.inputs.image).toBe("resize_image_1.image");
    expect(spliced?.nodes.resize_image_1?.inputs.image).toBe("decode.image");
    expect(spliced && heal(KNOW, spliced, "resize_image_1").nodes.vae_encode_1?.inputs.image).toBe(
      "decode.image",
    );
  });

  test("copy and paste keeps links inside, and outside links where asked", () => {
    const part = readClipboard(copyText(doc, new Set(["sampler", "empty"])));
    const kept = part && paste(doc, part, { x: 100, y: 100 }, "keep").doc;
    expect(kept?.nodes.sampler_1?.inputs).toEqual({
      denoiser: "model.denoiser",
      guidance: "guidance.guidance",
      latent: "empty_1.latent",
    });
    const dropped = part && paste(doc, part, { x: 100, y: 100 }, "drop").doc;
    expect(dropped?.nodes.sampler_1?.inputs).toEqual({ latent: "empty_1.latent" });
    expect(readClipboard("hello")).toBeNull();
  });

  test("what lies in a frame is known by its middle", () => {
    const boxes = { a: { x: 10, y: 10, width: 50, height: 50 }, b: { x: 90, y: 10, width: 50, height: 50 } };
    expect(inside({ x: 0, y: 0, width: 100, height: 100 }, boxes)).toEqual(["a"]);
  });
});

describe("subgraphs", () => {
  const chosen = new Set(["sampler", "empty", "guidance"]);

  test("grouping keeps the meaning: the border has a port for each crossing wire", () => {
    const { doc: grouped, id } = group(doc, chosen, "Base");
    const spec = specOf(KNOW, grouped, id);
    expect(spec.inputs.map((port) => port.name).sort()).toEqual(["denoiser", "negative", "positive"]);
    expect(spec.outputs).toMatchObject([{ name: "latent", type: { name: "Latent", many: false } }]);
    expect(grouped.nodes.decode?.inputs.latent).toBe(`${id}.latent`);
    expect(grouped.inputs.seed?.to).toEqual([`${id}/sampler.seed`]);
    expect(problemsOf(KNOW, grouped)).toEqual([]);
  });

  test("ungrouping gives the graph back", () => {
    const { doc: grouped, id } = group(doc, chosen, "Base");
    const inner = grouped.nodes[id]?.graph;
    if (inner === null || inner === undefined || typeof inner === "string") throw new Error("no inner graph");
    const back = ungroup(grouped, id, inner);
    expect({ ...back, positions: {} }).toEqual(doc);
  });
});

describe("what may be wired", () => {
  const verdict = (from: string, to: string, given = doc) => {
    const [a = "", ap = ""] = from.split(".");
    const [b = "", bp = ""] = to.split(".");
    return mayConnect(KNOW, given, { node: a, port: ap }, { node: b, port: bp });
  };

  test("the same type may", () => {
    expect(verdict("empty.latent", "decode.latent")).toEqual({ ok: true, maps: false, collects: false });
  });

  test("another type may not, and the node that mends it is named", () => {
    const refused = verdict("tokens.tokens", "guidance.negative");
    expect(refused).toMatchObject({ ok: false, reason: { code: "type", mend: ["TextEncoder"] } });
  });

  test("a circle may not", () => {
    expect(verdict("sampler.latent", "sampler.latent")).toMatchObject({
      ok: false,
      reason: { code: "circle" },
    });
  });

  test("a list maps a node that wants one item", () => {
    const given = addNode(doc, "Seeds", 1, { x: 0, y: 0 }).doc;
    expect(verdict("seeds_1.numbers", "sampler.seed", given)).toEqual({
      ok: true,
      maps: true,
      collects: false,
    });
    const mapped = connect(
      KNOW,
      given,
      { node: "seeds_1", port: "numbers" },
      { node: "sampler", port: "seed" },
    );
    expect(verdict("sampler.latent", "decode.latent", mapped)).toEqual({
      ok: true,
      maps: true,
      collects: false,
    });
  });

  test("a variable is bound by its first wire", () => {
    let given = addNode(doc, "Choose", 1, { x: 0, y: 0 }).doc;
    given = connect(KNOW, given, { node: "guidance", port: "guidance" }, { node: "choose_1", port: "yes" });
    expect(verdict("empty.latent", "choose_1.no", given)).toMatchObject({
      ok: false,
      reason: { code: "type" },
    });
    expect(verdict("choose_1.value", "sampler.guidance", given)).toMatchObject({ ok: true });
    expect(verdict("choose_1.value", "sampler.latent", given)).toMatchObject({ ok: false });
  });

  test("a lazy port takes no list", () => {
    let given = addNode(doc, "Choose", 1, { x: 0, y: 0 }).doc;
    given = addNode(given, "Seeds", 1, { x: 0, y: 0 }).doc;
    expect(verdict("seeds_1.numbers", "choose_1.yes", given)).toMatchObject({
      ok: false,
      reason: { code: "lazy" },
    });
  });
});

describe("problems", () => {
  test("a library graph has none, a lone node says what it misses", () => {
    expect(problemsOf(KNOW, doc)).toEqual([]);
    const lone = addNode(EMPTY, "VAEDecode", 1, { x: 0, y: 0 }).doc;
    expect(problemsOf(KNOW, lone).map((problem) => [problem.code, problem.port])).toEqual([
      ["missing", "latent"],
      ["missing", "autoencoder"],
    ]);
  });
});

describe("history", () => {
  test("undo and redo walk the steps, and typing is one step", () => {
    let history = begin(doc);
    history = record(
      history,
      setParam(history.doc, "tokens", "text", "a"),
      { id: "param" },
      "tokens.text",
      0,
    );
    history = record(
      history,
      setParam(history.doc, "tokens", "text", "ab"),
      { id: "param" },
      "tokens.text",
      500,
    );
    history = record(history, removeNodes(history.doc, new Set(["decode"])), { id: "delete" }, null, 600);
    expect(history.past.map((entry) => entry.action.id)).toEqual(["param", "delete"]);
    const back = undo(undo(history));
    expect(documentText(back.doc)).toBe(documentText(doc));
    expect(documentText(redo(redo(back)).doc)).toBe(documentText(history.doc));
  });
});
