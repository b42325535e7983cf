import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./editor";

test("pictures of runs are found, rated, read pixel by pixel, compared, exported and restored", async ({
  editor,
  page,
}) => {
  test.setTimeout(240_000);
  await editor.open();
  await editor.node("tokens").getByRole("textbox", { name: "text" }).fill("a small green ring");
  await run(page, "1");
  await run(page, "2");

  await page.keyboard.press("Shift+G");
  const gallery = page.getByRole("region", { name: "Pictures" });
  await expect(gallery.locator(".tile img").first()).toHaveAttribute("src", /as=thumbnail/);
  await gallery.getByRole("searchbox").fill("green nothing-like-this");
  await expect(gallery.locator(".tile")).toHaveCount(0);
  await gallery.getByRole("searchbox").fill("RING image green");
  await expect(gallery.locator(".tile")).toHaveCount(2);
  expect(await serious(page)).toEqual([]);

  await gallery
    .getByRole("button", { name: /^Text to image, run/ })
    .first()
    .click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("The values of the tensor.")).toBeVisible();
  await expect(dialog.locator(".asked")).toContainText("a small green ring");
  await expect(dialog.locator(".asked")).toContainText("Seed2");
  await dialog.getByRole("application").focus();
  await editor.press("ArrowRight", "ArrowDown", "+");
  await expect(dialog.getByText("x 33, y 33")).toBeVisible();
  const red = dialog.locator(".reading dd").first();
  await expect(red).toHaveText(/^[01](\.\d+)?$/);
  await dialog.getByRole("button", { name: "4 of 5 stars" }).click();
  expect(await serious(page)).toEqual([]);
  await dialog.getByRole("application").focus();
  await editor.press("PageDown");
  await expect(dialog.locator(".asked")).toContainText("Seed1");
  await dialog.getByRole("button", { name: "Close" }).click();

  for (const box of await gallery.getByRole("checkbox").all()) await box.check();
  const download = page.waitForEvent("download");
  await gallery.getByRole("button", { name: "Export" }).click();
  expect((await download).suggestedFilename()).toBe("pictures.zip");
  await gallery.getByRole("button", { name: "Compare" }).click();
  await dialog.getByRole("slider", { name: "Place of the line" }).fill("0.2");
  await dialog.getByRole("tab", { name: "Flicker" }).click();
  await dialog.getByRole("button", { name: "Left", exact: true }).click();
  await expect(dialog.getByRole("button", { name: "Right", exact: true })).toBeVisible();
  await dialog.getByRole("tab", { name: "Difference" }).click();
  await expect(dialog.getByText(/^The farthest two values are 0?[.,\d]+ apart\.$/)).toBeVisible();
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press("Escape");

  await page.reload();
  await expect(gallery.locator(".tile-stars")).toHaveText("★★★★");
  await gallery.getByLabel("Least rating").selectOption("4");
  await expect(gallery.locator(".tile")).toHaveCount(1);
  await gallery.locator(".tile-picture").click();
  await dialog.getByRole("button", { name: "Open graph and inputs" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(editor.state("sampler")).toHaveText(/^cached$| m?s$/);
});

async function run(page: Page, seed: string): Promise<void> {
  await page.locator(".inspector-sheet").getByRole("button", { name: /^seed/ }).click();
  await page.keyboard.type(seed);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.locator(".said")).toContainText("The run has started.");
  await expect(page.locator(".said")).toContainText("The run is done.", { timeout: 90_000 });
}

async function serious(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(" | ")}`);
}
