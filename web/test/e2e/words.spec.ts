import { expect, test } from "./editor";

test("what a node writes stands on it, and what may come next is told with its chances", async ({
  editor,
  page,
}) => {
  await editor.openLibrary("next-token");
  await expect(editor.node("next")).toBeVisible();
  await editor.runToEnd();
  await expect(editor.node("next").locator(".node-words")).toContainText("a small red circle left of a");
  await expect(editor.node("written").locator(".node-words p")).toHaveCount(4);
  await editor.node("german").locator(".node-title").click();
  const inspector = page.locator(".inspector-sheet");
  await inspector.locator("summary", { hasText: "table" }).click();
  await expect(inspector.locator("tbody tr").first()).toContainText(/quadrat|dreieck|kreuz/);
  await expect(inspector.locator("tbody tr").first()).toContainText("taken");
});
