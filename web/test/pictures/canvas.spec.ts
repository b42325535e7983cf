import { middle, SAMPLING, still } from "../e2e/editor";
import { alone, around, expect, keep, node, quiet, ran, test } from "./shots";

test("what fits the end of a wire", async ({ editor, page }) => {
  await editor.open();
  await alone(editor);
  const from = await middle(editor.socket("sampler", "output", "latent"));
  await editor.drag(editor.socket("sampler", "output", "latent"), { x: from.x + 60, y: from.y - 260 });
  await editor.drop();
  await expect(page.locator(".node-search")).toBeVisible();
  await keep(page, "search", await around(page, [".node-search", node("sampler"), node("guidance")], 24));
});

test("previews while it samples", async ({ editor, page }) => {
  await editor.open();
  await ran(editor, "a green ring left of a red cross");
  await quiet(page);
  await editor.runForLong();
  await expect(editor.state("sampler")).toHaveText(/^[2-9]\d \//, { timeout: 60_000 });
  await expect(editor.node("sampler").locator(".node-picture img")).toHaveAttribute("src", /^blob:/);
  await expect(editor.state("sampler")).toHaveText(SAMPLING);
  await keep(page, "previews", { x: 600, y: 0, width: 1000, height: 820 });
  await page.getByRole("button", { name: "Cancel" }).click();
});

test("what would run, and why", async ({ editor, page }) => {
  await editor.open();
  await ran(editor, "a small red circle left of a blue square");
  await editor.node("sampler").getByRole("button", { name: "New random seed" }).click();
  await expect(editor.state("sampler")).toHaveText("will run");
  await editor.node("sampler").locator(".node-title").click();
  await expect(page.locator(".plan")).toHaveText(/nodes will run/);
  await expect(page.locator(".inspector-sheet")).toContainText("seed");
  await quiet(page);
  await keep(page, "plan", { x: 760, y: 0, width: 840, height: 640 });
});

test("bypassed and muted", async ({ editor, page }) => {
  await editor.open();
  await editor.node("sampler").locator(".node-title").click();
  await editor.press("Control+b");
  await editor.node("negative").locator(".node-title").click();
  await editor.press("Control+m", "Escape");
  await alone(editor);
  await quiet(page);
  await keep(page, "bypass", await around(page, [node("tokens"), node("decode"), node("empty")], 24));
});

test("a wire that is refused, and the problems of a graph", async ({ editor, page }) => {
  await editor.open();
  await alone(editor);
  await editor.socket("guidance", "input", "positive").click();
  await editor.press("Delete");
  await editor.drag(
    editor.socket("empty", "output", "latent"),
    editor.socket("guidance", "input", "positive"),
  );
  await keep(page, "refusal", await around(page, [node("positive"), node("sampler"), node("empty")], 24));
  await editor.drop();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.locator(".said-text.error")).toBeVisible();
  await editor.press("Shift+P");
  await expect(page.getByRole("dialog")).toContainText("positive");
  await keep(page, "problems", await around(page, ["dialog[open]", ".said-text"], 24));
});

test("inside a subgraph", async ({ editor, page }) => {
  await editor.open();
  for (const id of ["tokens", "negative_tokens", "positive", "negative", "guidance"]) {
    await editor
      .node(id)
      .locator(".node-title")
      .click({ modifiers: ["Shift"] });
  }
  await editor.press("Control+g");
  await expect(editor.node("subgraph_1")).toBeVisible();
  await editor.runToEnd();
  await editor.node("subgraph_1").locator(".node-title").click();
  await editor.press("Alt+Enter");
  await expect(page.locator(".breadcrumbs")).toContainText("Subgraph");
  await still(page);
  await quiet(page);
  await keep(page, "subgraph", { x: 268, y: 0, width: 1032, height: 820 });
});
