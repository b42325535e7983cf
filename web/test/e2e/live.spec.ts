import { expect, SAMPLING, test } from "./editor";

test("the plan says what a run would do, and the node says that it will run", async ({ editor, page }) => {
  await editor.open();
  await editor.runToEnd();
  await expect(page.locator(".plan")).toHaveText("Nothing to compute");
  await editor.node("sampler").getByRole("button", { name: "New random seed" }).click();
  await expect(page.locator(".plan")).toHaveText(/^2 of 9 nodes will run/);
  await expect(editor.node("sampler").locator(".node-state")).toHaveText("will run");
  await editor.node("sampler").locator(".node-title").click();
  await expect(page.locator(".inspector-sheet")).toContainText("seed");
});

test("in live mode a change runs by itself, and a change in the middle cancels the run before it", async ({
  editor,
  page,
}) => {
  await editor.open();
  await page.getByRole("button", { name: "Live: every change runs" }).click();
  await expect(editor.node("decode").locator("img")).toBeVisible({ timeout: 30_000 });
  const first = await editor.node("decode").locator("img").getAttribute("src");
  await editor.setNumber("sampler", "steps", 150);
  await expect(editor.state("sampler")).toHaveText(SAMPLING, { timeout: 30_000 });
  const cancelled = page.waitForResponse(/\/cancel$/);
  const text = editor.node("tokens").getByRole("textbox", { name: "text" });
  await text.fill("a large green triangle");
  await cancelled;
  await expect(editor.node("sampler").locator(".node-state")).toHaveText(/s$/, { timeout: 30_000 });
  await expect(editor.node("decode").locator("img")).not.toHaveAttribute("src", first ?? "");
  await expect(editor.node("model").locator(".node-state")).toHaveText("cached");
  await expect(page).toHaveTitle("Text to image · Promptograph");
});

test("a past run opens with its exact inputs and its picture", async ({ editor, page }) => {
  await editor.open();
  await editor.node("tokens").getByRole("textbox", { name: "text" }).fill("a yellow star");
  await editor.runToEnd();
  await editor.node("tokens").getByRole("textbox", { name: "text" }).fill("something else");
  await page.getByRole("tab", { name: "History" }).click();
  await page.locator(".run-entry").first().click();
  await expect(page.locator(".tab")).toHaveCount(2);
  await expect(editor.node("tokens").getByRole("textbox", { name: "text" })).toHaveValue("a yellow star");
  await expect(editor.node("decode").locator("img")).toBeVisible();
});

test("a sweep over two inputs fills a grid with its axes", async ({ editor, page }) => {
  await editor.open();
  await page.keyboard.press("Alt+s");
  const dialog = page.getByRole("dialog", { name: "Sweep over inputs" });
  await dialog.getByRole("textbox", { name: /^Across/ }).fill("1..2");
  await dialog.getByRole("combobox", { name: "Down" }).selectOption("steps");
  await dialog.getByRole("textbox", { name: /^Down/ }).fill("2, x");
  await expect(dialog.getByRole("alert")).toContainText("x does not fit");
  await dialog.getByRole("textbox", { name: /^Down/ }).fill("2, 3");
  await dialog.getByRole("button", { name: "Run 4" }).click();
  await expect(dialog.getByRole("status")).toContainText("4 of 4 done", { timeout: 30_000 });
  await expect(dialog.locator("td img")).toHaveCount(4);
  await dialog.locator("td button").nth(2).click();
  await expect(editor.node("sampler").getByRole("spinbutton", { name: "steps" })).toHaveAttribute(
    "aria-valuenow",
    "3",
  );
});

test("on a narrow page the form is enough to make a picture", async ({ page, editor }) => {
  await page.setViewportSize({ width: 390, height: 780 });
  await page.goto("/#token=e2e-token-e2e-token-e2e-token-e2e-1");
  await expect(page.getByRole("heading", { name: "Text to image" })).toBeVisible();
  await page.getByRole("textbox", { name: "text" }).last().fill("a red square");
  await page.getByRole("button", { name: "Run", exact: true }).last().click();
  await expect(page.getByRole("img", { name: "What decode.image gave" })).toBeVisible({ timeout: 30_000 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBeLessThanOrEqual(390);
  expect(editor.complaints).toEqual([]);
});
