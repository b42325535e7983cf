import { type Editor, expect, test } from "./editor";

test("everything that was done is undone and done again, byte for byte", async ({
  editor,
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await editor.open();
  const texts = [await editor.text()];
  for (const act of ACTS) {
    await act(editor);
    await expect(async () => expect(await editor.text()).not.toBe(texts.at(-1))).toPass();
    texts.push(await editor.text());
  }
  await page.locator(".react-flow__pane").click({ position: { x: 5, y: 5 } });
  expect(await all(editor, "Undo")).toEqual(texts.toReversed());
  expect(await all(editor, "Redo")).toEqual(texts);
});

const ACTS: readonly ((editor: Editor) => Promise<void>)[] = [
  (editor) => editor.prompt.fill("a large white ring"),
  (editor) => editor.node("sampler").getByRole("button", { name: "New random seed" }).click(),
  (editor) => editor.setNumber("guidance", "scale", 5),
  async (editor) => {
    await choose(editor, "decode");
    await editor.press("ArrowDown");
  },
  async (editor) => {
    await editor.socket("decode", "input", "latent").click();
    await editor.press("Delete");
  },
  async (editor) => {
    await editor.drag(editor.socket("empty", "output", "latent"), editor.socket("decode", "input", "latent"));
    await editor.drop();
  },
  async (editor) => {
    await editor.press("Escape", "a");
    await editor.page.keyboard.type("resize");
    await editor.press("Enter");
    await expect(editor.node("resize_image_1")).toBeVisible();
  },
  async (editor) => {
    await choose(editor, "guidance");
    await editor.press("h");
  },
  (editor) => editor.press("f"),
  (editor) => editor.press("Escape", "n"),
  async (editor) => {
    await choose(editor, "negative");
    await editor.press("Control+d");
  },
  async (editor) => {
    await choose(editor, "empty");
    await editor.press("Control+b");
  },
  async (editor) => {
    await choose(editor, "tokens");
    await editor.press("Control+g");
    await expect(editor.node("subgraph_1")).toBeVisible();
  },
  async (editor) => {
    await choose(editor, "model");
    await editor.press("Delete");
    await expect(editor.node("model")).toHaveCount(0);
  },
];

async function choose(editor: Editor, id: string): Promise<void> {
  await editor.press("Escape");
  await editor.node(id).locator(".node-title").click();
}

/** Undo or redo until there is nothing more; give every text on the way, each once. */
async function all(editor: Editor, way: "Undo" | "Redo"): Promise<readonly string[]> {
  const texts = [await editor.text()];
  const button = editor.page.getByRole("button", { name: new RegExp(`^${way}`) });
  while (await button.isEnabled()) {
    await button.click();
    const text = await editor.text();
    if (text !== texts.at(-1)) texts.push(text);
  }
  return texts;
}
