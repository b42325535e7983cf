/** Subgraphs while a run goes on, published and placed again; the form on a narrow page; fingers. */

import { expect, test } from "./editor";

test.setTimeout(150_000);

test("a subgraph says how far the nodes inside are, and they show their values", async ({ editor, page }) => {
  await editor.open();
  await editor.node("decode").locator(".node-title").click();
  await page.keyboard.press("Control+g");
  const group = editor.node("subgraph_1");
  await expect(group).toBeVisible();
  await editor.runToEnd();
  await expect(group.locator(".node-state")).toBeVisible();
  await group.locator(".node-title").click();
  await expect(page.locator(".inspector .value-picture img").first()).toBeVisible();
  await page.keyboard.press("Alt+Enter");
  await expect(page.locator(".breadcrumbs")).toContainText("Subgraph");
  await expect(editor.node("decode").locator(".node-picture img")).toBeVisible();
});

test("a subgraph is published, and placed into another graph", async ({ editor, page }) => {
  await editor.open();
  await editor.node("tokens").locator(".node-title").click();
  await page.keyboard.press("Control+g");
  await expect(editor.node("subgraph_1")).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Commands" }).fill("publish");
  await page.keyboard.press("Enter");
  await expect(page.locator(".said")).toContainText("Published as");
  await page.keyboard.press("Alt+n");
  await page
    .getByRole("button", { name: /^Place subgraph_1 into/ })
    .first()
    .click();
  await expect(editor.node("subgraph_1").locator(".socket")).toHaveCount(2);
});

test("on a phone the form fits, shows how far it is, and gives the picture", async ({ editor, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto("/#token=e2e-token-e2e-token-e2e-token-e2e-1");
  await expect(page.locator(".form-view h1")).toBeVisible();
  const wide = await page.evaluate(() => document.querySelector(".form-view")?.scrollWidth ?? 0);
  expect(wide).toBeLessThanOrEqual(360);
  await page.locator(".form-view").getByRole("button", { name: "New random seed" }).click();
  await page.locator(".form-view").getByRole("button", { name: "Run" }).click();
  await expect(page.locator(".form-progress progress")).toBeVisible();
  await expect(page.locator(".form-results .value-picture img").first()).toBeVisible({ timeout: 90_000 });
  await page.getByText("Earlier runs").click();
  await expect(page.locator(".form-history .run-entry").first()).toBeVisible();
  expect(editor.complaints).toEqual([]);
});

test.describe("with fingers", () => {
  test.use({ hasTouch: true });

  test("a long press opens the menu of what is held", async ({ editor, page }) => {
    await editor.open();
    const title = editor.node("guidance").locator(".node-title");
    const box = await title.boundingBox();
    const at = {
      clientX: (box?.x ?? 0) + 4,
      clientY: (box?.y ?? 0) + 4,
      pointerType: "touch",
      bubbles: true,
    };
    await title.dispatchEvent("pointerdown", at);
    await expect(page.getByRole("menuitem", { name: "Run to here" })).toBeVisible();
    await expect(editor.node("guidance").locator(".node.chosen")).toBeVisible();
  });

  test("two taps connect", async ({ editor, page }) => {
    await editor.open();
    const wires = page.locator(".status-bar");
    await expect(wires).toContainText("14 wires");
    await page.locator(".react-flow__edge").first().waitFor();
    await editor.socket("negative", "output", "conditioning").tap();
    await expect(page.locator(".said")).toContainText("Tap where the wire goes.");
    await editor.socket("guidance", "input", "positive").tap();
    await expect(page.locator(".said")).toHaveCount(1);
    await expect(editor.socket("guidance", "input", "positive")).toHaveAttribute(
      "aria-label",
      /connected from negative/,
    );
  });
});
