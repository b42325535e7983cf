import { expect, test } from "./editor";

test("a refused wire offers the node that mends it, and puts it between", async ({ editor, page }) => {
  await editor.open();
  const before = await page.locator(".react-flow__node").count();
  await page.keyboard.press("a");
  await page.keyboard.type("resize");
  await editor.press("Enter");
  await page.keyboard.press("Escape");
  const added = page.locator('.react-flow__node[data-id^="resize"]');
  await expect(page.locator(".react-flow__node")).toHaveCount(before + 1);
  const id = (await added.getAttribute("data-id")) ?? "";
  await editor.drag(editor.socket("empty", "output", "latent"), editor.socket(id, "input", "image"));
  await editor.drop();
  await expect(page.locator(".said-text.error")).toContainText("latent does not fit image");
  await page
    .locator(".said-text")
    .getByRole("button", { name: /^Insert/ })
    .click();
  await expect(page.locator(".react-flow__node")).toHaveCount(before + 2);
  await expect(page.locator(".wire")).toHaveCount(16);
});
