import { around, expect, keep, quiet, ran, test } from "./shots";

const PROMPTS = ["a large blue triangle", "a small green ring", "a yellow star right of a red square"];

test("a grid of a sweep", async ({ editor, page }) => {
  await editor.open();
  await editor.press("Alt+s");
  const dialog = page.getByRole("dialog", { name: "Sweep over inputs" });
  await dialog.getByRole("textbox", { name: /^Across/ }).fill("1..4");
  await dialog.getByRole("combobox", { name: "Down" }).selectOption("steps");
  await dialog.getByRole("textbox", { name: /^Down/ }).fill("4, 10, 20");
  await dialog.getByRole("button", { name: "Run 12" }).click();
  await expect(dialog.getByRole("status")).toContainText("12 of 12 done", { timeout: 120_000 });
  await expect(dialog.locator("td img")).toHaveCount(12);
  await keep(page, "sweep", await around(page, ["dialog[open]"], 0));
});

test("pictures, compared; past runs and what waits", async ({ editor, page }) => {
  await editor.open();
  for (const prompt of PROMPTS) await ran(editor, prompt);
  await editor.node("sampler").getByRole("button", { name: "New random seed" }).click();
  await editor.press("Escape");
  await editor.runToEnd();
  await editor.press("Shift+G");
  const gallery = page.getByRole("region", { name: "Pictures" });
  await expect(gallery.locator(".tile img").nth(2)).toBeVisible();
  await quiet(page);
  await page.getByRole("tab", { name: "History" }).click();
  await expect(page.locator(".run-entry").nth(2)).toBeVisible();
  await editor.press("Home");
  await keep(page, "gallery", { x: 0, y: 0, width: 1000, height: 800 });
  await keep(page, "history", { x: 1300, y: 44, width: 300, height: 420 });
  const boxes = gallery.getByRole("checkbox");
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  await gallery.getByRole("button", { name: "Compare" }).click();
  await expect(page.getByRole("dialog").getByRole("slider", { name: "Place of the line" })).toBeVisible();
  await keep(page, "compare", await around(page, ["dialog[open]"], 0));
});

test("what waits", async ({ editor, page }) => {
  await editor.open();
  await editor.press("q");
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await page.getByRole("spinbutton", { name: "How many runs" }).fill("4");
  await page.getByRole("combobox", { name: "Seeds" }).selectOption("next seed");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.locator(".queue-row.waiting")).toHaveCount(4);
  await quiet(page);
  await keep(page, "queue", { x: 900, y: 0, width: 700, height: 480 });
  await page.getByRole("button", { name: "Clear", exact: true }).click();
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByRole("button", { name: "Pause", exact: true })).toBeVisible();
});

test("settings and keys", async ({ editor, page }) => {
  await editor.open();
  await editor.press("Control+,");
  await expect(page.getByRole("dialog", { name: "Settings" })).toBeVisible();
  await keep(page, "settings", await around(page, ["dialog[open]"], 0));
  await editor.press("Escape", "?");
  await expect(page.getByRole("dialog")).toBeVisible();
  await keep(page, "keys", await around(page, ["dialog[open]"], 0));
});

test("what comes from elsewhere is asked about", async ({ editor, page }) => {
  await editor.open();
  const graph = new TextEncoder().encode(await editor.text());
  await editor.dropFile("graph.json", "application/json", graph);
  await expect(page.getByRole("dialog")).toBeVisible();
  await keep(page, "import", await around(page, ["dialog[open]"], 0));
});
