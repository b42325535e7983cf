import { expect, test } from "./editor";

test("the first graph runs to a picture; a changed seed computes only what follows it", async ({ editor, page }) => {
  await editor.open();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(editor.node("sampler").locator(".node-state")).toHaveText(/\d+ \/ 20/, { timeout: 30_000 });
  await expect(editor.node("decode").locator("img")).toBeVisible({ timeout: 30_000 });
  await expect(page.locator(".said")).toContainText("The run is done.");
  await editor.node("sampler").getByRole("button", { name: "New random seed" }).click();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  for (const id of ["tokens", "positive", "negative"]) {
    await expect(editor.node(id).locator(".node-state")).toHaveText("cached");
  }
  await expect(editor.node("sampler").locator(".node-state")).toHaveText(/\d+ \/ 20/, { timeout: 30_000 });
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.locator(".said")).toContainText("The run was cancelled.");
});

test("what is missing is refused by the server in a sentence", async ({ editor, page }) => {
  await editor.openEmpty();
  await editor.press("a");
  await page.keyboard.type("vae decode");
  await editor.press("Enter");
  await expect(page.getByText("2 problems")).toBeVisible();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.locator(".said-text.error")).toContainText("is not connected");
});
