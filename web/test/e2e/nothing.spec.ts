import type { Page } from "@playwright/test";
import { type Editor, expect, libraryText, still, test } from "./editor";

const PROMPT = "a large yellow star";

test("text to image is built from an empty canvas by mouse, and runs", async ({ editor, page }) => {
  await editor.openEmpty();
  await page.getByRole("button", { name: "Checkpoint" }).click();
  await fromWire(editor, "checkpoint_1", "output:tokenizer", "Tokenizer");
  await fromWire(editor, "tokenizer_1", "output:tokens", "Text Encoder");
  await wire(editor, "checkpoint_1", "text_encoder", "text_encoder_1", "encoder");
  await fromWire(editor, "text_encoder_1", "output:conditioning", "CFG guidance");
  await fromWire(editor, "cfg_1", "input:negative", "Text Encoder");
  await fromWire(editor, "text_encoder_2", "input:tokens", "Tokenizer");
  await wire(editor, "checkpoint_1", "tokenizer", "tokenizer_2", "tokenizer");
  await wire(editor, "checkpoint_1", "text_encoder", "text_encoder_2", "encoder");
  await fromWire(editor, "cfg_1", "output:guidance", "Sampler");
  await fromWire(editor, "sampler_1", "input:latent", "Empty Latent");
  await wire(editor, "checkpoint_1", "denoiser", "empty_latent_1", "denoiser");
  await wire(editor, "checkpoint_1", "denoiser", "sampler_1", "denoiser");
  await fromWire(editor, "sampler_1", "output:latent", "VAE decode");
  await wire(editor, "checkpoint_1", "autoencoder", "vae_decode_1", "autoencoder");
  await editor.node("tokenizer_1").getByRole("textbox", { name: "text" }).fill(PROMPT);
  await runs(editor, "vae_decode_1");
});

test("text to image is built from an empty canvas by keyboard alone, and runs", async ({ editor, page }) => {
  await editor.openEmpty();
  await editor.press("a");
  await page.keyboard.type("checkpoint");
  await editor.press("Enter");
  await at(editor, "checkpoint_1");
  await key(editor, "output:tokenizer", "tokenizer", "tokenizer_1");
  await editor.press("Enter");
  await page.keyboard.type(PROMPT);
  await editor.press("Escape");
  await key(editor, "output:tokens", "text encoder", "text_encoder_1");
  await key(editor, "input:encoder", "checkpoint", "text_encoder_1");
  await key(editor, "output:conditioning", "cfg guidance", "cfg_1");
  await key(editor, "input:negative", "text encoder", "text_encoder_2");
  await key(editor, "input:encoder", "checkpoint", "text_encoder_2");
  await key(editor, "input:tokens", "tokenizer", "tokenizer_2");
  await key(editor, "input:tokenizer", "checkpoint", "tokenizer_2");
  await editor.press("Shift+ArrowRight");
  await at(editor, "text_encoder_2");
  await editor.press("Shift+ArrowRight");
  await at(editor, "cfg_1");
  await key(editor, "output:guidance", "sampler", "sampler_1");
  await key(editor, "input:denoiser", "checkpoint", "sampler_1");
  await key(editor, "input:latent", "empty latent", "empty_latent_1");
  await key(editor, "input:denoiser", "checkpoint", "empty_latent_1");
  await editor.press("Shift+ArrowRight");
  await at(editor, "sampler_1");
  await key(editor, "output:latent", "vae decode", "vae_decode_1");
  await key(editor, "input:autoencoder", "checkpoint", "vae_decode_1");
  await runs(editor, "vae_decode_1", () => editor.press("Control+Enter"));
});

/** Drag a wire to nothing, take the node that is offered, and put everything in order. */
async function fromWire(editor: Editor, node: string, handle: string, title: string): Promise<void> {
  const { page } = editor;
  const empty = { x: 900, y: 110 };
  await editor.drag(editor.node(node).locator(`.socket[data-handleid="${handle}"]`), empty);
  await editor.drop();
  const offer = page.locator(".offer-title").getByText(new RegExp(`^${title}$`, "i"));
  await page.getByRole("option").filter({ has: offer }).first().click();
  await inOrder(editor);
}

async function wire(editor: Editor, from: string, output: string, to: string, input: string): Promise<void> {
  const wires = editor.page.locator(".wire");
  const before = await wires.count();
  await editor.drag(editor.socket(from, "output", output), editor.socket(to, "input", input));
  await editor.drop();
  await expect(wires).toHaveCount(before + 1);
}

async function inOrder({ page }: Editor): Promise<void> {
  await page.getByRole("button", { name: "Tidy up" }).click();
  await expect(page.getByRole("button", { name: "Undo tidy up" })).toBeVisible();
  await page.getByRole("button", { name: "Fit all" }).click();
  await still(page);
}

/** From the node that has the keyboard: go to a socket, begin a wire there, and take what is searched for. */
async function key(editor: Editor, handle: string, search: string, next: string): Promise<void> {
  const { page } = editor;
  await editor.press("c");
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-handleid"));
  for (let tries = 0; (await focused()) !== handle && tries < 20; tries += 1) await editor.press("ArrowDown");
  expect(await focused()).toBe(handle);
  const wires = await wired(page);
  const fresh = (await editor.node(next).count()) === 0;
  await editor.press("c");
  await page.keyboard.type(search);
  const offer = page.locator(".listbox-item[aria-selected=true] .offer-port");
  while (((await offer.count()) === 0) !== fresh) await editor.press("ArrowDown");
  await editor.press("Enter");
  await expect.poll(() => wired(page)).toBe(wires + 1);
  const socket = page.locator(".socket:focus");
  await expect(page.locator(".react-flow__node:focus, .socket:focus")).toHaveCount(1);
  if ((await socket.count()) > 0) await editor.press("Escape");
  await at(editor, next);
}

/** How many wires the graph has; the canvas draws those that are in view. */
async function wired(page: Page): Promise<number> {
  const counts = await page.locator(".status-bar .numbers").first().textContent();
  return Number(counts?.match(/(\d+) wires?$/)?.[1]);
}

async function at(editor: Editor, id: string): Promise<void> {
  await expect(editor.node(id)).toBeFocused();
}

/** It is the graph that ships, and it gives a picture. */
async function runs(editor: Editor, last: string, run?: () => Promise<void>): Promise<void> {
  expect(wiring(await editor.text())).toEqual(wiring(await libraryText("text-to-image")));
  if (run) await run();
  else await editor.runToEnd();
  await expect(editor.node(last).locator("img")).toBeVisible({ timeout: 60_000 });
}

interface Doc {
  readonly nodes: Readonly<
    Record<string, { readonly type: string; readonly inputs?: Readonly<Record<string, string>> }>
  >;
}

/** Which ports of which types of nodes are joined, whatever the nodes are called. */
function wiring(text: string): readonly string[] {
  const { nodes }: Doc = JSON.parse(text);
  return Object.values(nodes)
    .flatMap(({ type, inputs = {} }) =>
      Object.entries(inputs).map(([port, link]) => {
        const [from = "", output] = link.split(".");
        return `${nodes[from]?.type}.${output} -> ${type}.${port}`;
      }),
    )
    .sort();
}
