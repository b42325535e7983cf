import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./editor";

const THEMES: readonly ("dark" | "light")[] = ["dark", "light"];

for (const theme of THEMES) {
  test(`axe finds nothing serious in the ${theme} editor`, async ({ editor, page }) => {
    await page.emulateMedia({ colorScheme: theme });
    await editor.open();
    await editor.node("sampler").locator(".node-title").click();
    expect(await seriousFaults(page)).toEqual([]);
  });
}

test("axe finds nothing serious in results, steps, history, sweeps and the form", async ({
  editor,
  page,
}) => {
  await editor.open();
  await editor.runToEnd();
  await editor.socket("positive", "output", "conditioning").click();
  await expect(page.getByText(/^vector 0, norm/).first()).toBeVisible();
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole("button", { name: "Steps", exact: true }).click();
  await page.getByRole("tab", { name: "History" }).click();
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole("button", { name: "Graphs", exact: true }).click();
  await page.keyboard.press("Alt+s");
  await expect(page.getByRole("dialog", { name: "Sweep over inputs" })).toBeVisible();
  expect(await seriousFaults(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Alt+f");
  expect(await seriousFaults(page)).toEqual([]);
});

async function seriousFaults(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return serious.map(({ id, nodes }) => {
    const places = nodes.map((node) => node.target.join(" ")).slice(0, 4);
    return `${id}: ${places.join(" | ")}`;
  });
}
