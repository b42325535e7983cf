import { expect, keep, openLibrary, quiet, ran, test } from "./shots";

/** Where the inspector is. */
const SHEET = { x: 1300, y: 44, width: 300, height: 720 };

test("looking into wires", async ({ editor, page }) => {
  await editor.open();
  await ran(editor, "a lighthouse left of a small red circle");
  const sheet = page.locator(".inspector-sheet");
  await editor.socket("tokens", "output", "tokens").click();
  await expect(sheet.locator(".token").first()).toBeVisible();
  await quiet(page);
  await keep(page, "tokens", SHEET);
  await editor.socket("positive", "output", "conditioning").click();
  await expect(sheet.getByText(/^vector 0, norm/).first()).toBeVisible();
  await keep(page, "vectors", { ...SHEET, height: 930 });
  await editor.socket("decode", "input", "latent").click();
  await sheet.getByRole("tab", { name: "Channels" }).click();
  await expect(sheet.getByRole("img", { name: "What sampler.latent gave" })).toHaveAttribute(
    "src",
    /channels/,
  );
  await keep(page, "channels", SHEET);
});

test("which word went where", async ({ editor, page }) => {
  await openLibrary(editor, "Which word went where", "heat");
  await editor.runToEnd();
  await editor.socket("sampler", "output", "attention").click();
  const words = page.locator(".attention-words button");
  await expect(words.first()).toBeVisible();
  await words.filter({ hasText: "left" }).first().click();
  await quiet(page);
  await keep(page, "attention");
});

test("which text belongs to which picture", async ({ editor, page }) => {
  await openLibrary(editor, "Which text belongs to which picture", "near");
  await editor.runToEnd();
  await editor.socket("near", "output", "cosine").click();
  await expect(page.locator(".inspector .matrix").first()).toBeVisible();
  await page.locator(".inspector .matrix [role=application]").first().focus();
  await editor.press("ArrowRight", "ArrowDown");
  await quiet(page);
  await keep(page, "similarity");
});
