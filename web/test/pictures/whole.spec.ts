import { still } from "../e2e/editor";
import { expect, keep, quiet, ran, test } from "./shots";

const PROMPTS = {
  dark: "a red star left of a large blue circle",
  light: "a large yellow star on a purple background",
} as const;

for (const theme of ["dark", "light"] as const) {
  test(`the whole editor, ${theme}`, async ({ editor, page }) => {
    await page.emulateMedia({ colorScheme: theme });
    await editor.open();
    await ran(editor, PROMPTS[theme]);
    await editor.node("sampler").locator(".node-title").click();
    await expect(page.locator(".inspector-sheet .strip img").first()).toBeVisible();
    await page.locator(".inspector-sheet .strip button").last().click();
    await quiet(page);
    await still(page);
    await keep(page, theme);
  });
}

test("high contrast at 150 %", async ({ editor, page }) => {
  await editor.open();
  await editor.press("Shift+T", "Alt+=", "Alt+=", "Alt+=");
  await ran(editor, "a green ring");
  await editor.press("Home");
  await still(page);
  await editor.node("decode").locator(".node-title").click();
  await expect(page.locator(".inspector .value-picture img").first()).toBeVisible();
  await quiet(page);
  await still(page);
  await keep(page, "contrast");
});

test("the form on a phone", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/#token=e2e-token-e2e-token-e2e-token-e2e-1");
  await expect(page.locator(".form-view h1")).toBeVisible();
  await page.locator(".form-view").getByRole("textbox", { name: "text" }).last().fill("a red square");
  await page.locator(".form-view").getByRole("button", { name: "Run" }).click();
  const picture = page.locator(".form-results .value-picture img").first();
  await expect(picture).toBeVisible({ timeout: 90_000 });
  await picture.scrollIntoViewIfNeeded();
  await quiet(page);
  await keep(page, "form");
});
