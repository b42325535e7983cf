import { expect, test } from "./editor";

test("a wire dropped on nothing asks for a node that fits, and connects it", async ({ editor, page }) => {
  await editor.openEmpty();
  await editor.press("a");
  await page.keyboard.type("checkpoint");
  await editor.press("Enter");
  await expect(editor.node("checkpoint_1")).toBeVisible();
  await editor.drag(editor.socket("checkpoint_1", "output", "denoiser"), { x: 1150, y: 300 });
  await editor.drop();
  await expect(page.locator(".listbox-item")).not.toHaveCount(0);
  await expect(page.getByText("accepts denoiser")).toBeVisible();
  await page.keyboard.type("empty latent");
  await editor.press("Enter");
  await expect(editor.node("empty_latent_1")).toBeVisible();
  await expect(page.locator(".wire")).toHaveCount(1);
});

test("a wire that does not fit is refused with the reason and the node that mends it", async ({
  editor,
  page,
}) => {
  await editor.open();
  await editor.drag(
    editor.socket("tokens", "output", "tokens"),
    editor.socket("guidance", "input", "positive"),
  );
  await expect(page.locator(".tooltip.refused")).toHaveText(
    "tokens does not fit conditioning: insert Text Encoder?",
  );
  await expect(editor.socket("positive", "input", "tokens")).toHaveClass(/fits/);
  await expect(editor.socket("decode", "input", "latent")).toHaveClass(/fades/);
  await editor.drop();
  await expect(page.locator(".said")).toContainText("does not fit");
  await expect(page.locator(".wire")).toHaveCount(14);
});

test("everything is undone and redone by its name", async ({ editor, page }) => {
  await editor.open();
  await editor.node("decode").locator(".node-title").click();
  await editor.press("Delete");
  await expect(editor.node("decode")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Undo delete 1" })).toBeEnabled();
  await editor.press("Control+z");
  await expect(editor.node("decode")).toBeVisible();
  await expect(page.locator(".wire")).toHaveCount(14);
  await editor.press("Control+Shift+z");
  await expect(editor.node("decode")).toHaveCount(0);
});

test("nodes are moved by a drag in one step, and nudged by arrows", async ({ editor, page }) => {
  await editor.open();
  const before = await editor.node("decode").boundingBox();
  const title = editor.node("decode").locator(".node-title");
  const box = await title.boundingBox();
  await editor.drag(title, { x: (box?.x ?? 0) - 60, y: (box?.y ?? 0) + 80 });
  await editor.drop();
  await expect(page.getByRole("button", { name: "Undo move 1 node" })).toBeEnabled();
  const moved = await editor.node("decode").boundingBox();
  expect(moved?.y).toBeGreaterThan((before?.y ?? 0) + 40);
  await editor.press("ArrowDown");
  const nudged = await editor.node("decode").boundingBox();
  expect(nudged?.y).toBeGreaterThan(moved?.y ?? 0);
  await editor.press("Control+z", "Control+z");
  expect((await editor.node("decode").boundingBox())?.y).toBeCloseTo(before?.y ?? 0, 0);
});

test("copy, paste and duplicate go through text", async ({ editor, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await editor.open();
  await editor.node("sampler").locator(".node-title").click();
  await editor.press("Control+c");
  await editor.press("Control+Shift+v");
  await expect(editor.node("sampler_1")).toBeVisible();
  await expect(page.locator(".wire")).toHaveCount(17);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('"format": "promptograph/1"');
  await editor.press("Control+d");
  await expect(editor.node("sampler_2")).toBeVisible();
});

test("a subgraph is made, entered, left and dissolved", async ({ editor, page }) => {
  await editor.open();
  await editor.node("guidance").locator(".node-title").click();
  await editor
    .node("empty")
    .locator(".node-title")
    .click({ modifiers: ["Shift"] });
  await editor.press("Control+g");
  await expect(editor.node("subgraph_1")).toBeVisible();
  await expect(page.getByText("8 nodes")).toBeVisible();
  await editor.press("Alt+Enter");
  await expect(editor.node("guidance")).toBeVisible();
  await expect(page.getByText("2 nodes")).toBeVisible();
  await editor.press("Alt+Backspace");
  await editor.node("subgraph_1").locator(".node-title").click();
  await editor.press("Control+Shift+g");
  await expect(page.getByText("9 nodes, 14 wires")).toBeVisible();
});

test("the menu, the palette and the shortcuts hold the same commands", async ({ editor, page }) => {
  await editor.open();
  await editor.node("sampler").locator(".node-title").click({ button: "right" });
  await expect(page.getByRole("menuitem", { name: /^Duplicate Ctrl D/ })).toBeVisible();
  await editor.press("Escape");
  await editor.press("Control+k");
  await page.keyboard.type("frame the");
  await editor.press("Enter");
  await expect(page.locator(".frame")).toHaveCount(1);
  await editor.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toContainText(
    "Frame the chosen nodes",
  );
});

test("number fields understand expressions, arrows and drags", async ({ editor, page }) => {
  await editor.open();
  const steps = editor.node("sampler").getByRole("spinbutton", { name: "steps" });
  await steps.click();
  await page.keyboard.type("steps*2+4/2");
  await editor.press("Enter");
  await expect(steps).toHaveAttribute("aria-valuenow", "42");
  await steps.focus();
  await editor.press("ArrowUp");
  await expect(steps).toHaveAttribute("aria-valuenow", "43");
});

test("both languages and both themes", async ({ editor, page }) => {
  await editor.open();
  await page.getByRole("button", { name: "EN", exact: true }).click();
  await expect(page.getByRole("button", { name: "Ausführen", exact: true })).toBeVisible();
  await page.getByRole("button", { name: "DE", exact: true }).click();
  await editor.press("t", "t");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
});
