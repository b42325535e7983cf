import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { type Editor, expect, test } from "./editor";

/** What a theme changes is the colours: the other rules are asked in one of them. */
const THEMES: readonly (readonly [theme: "dark" | "light", rules: readonly string[]])[] = [
  ["dark", []],
  ["light", ["color-contrast"]],
];

/** What opens over the page, by the keys that open it, and where it is then. */
const OVER: readonly (readonly [keys: string, place: string])[] = [
  ["a", ".node-search"],
  ["Control+k", "dialog[open]"],
  ["Control+f", "dialog[open]"],
  ["Control+,", "dialog[open]"],
  ["?", "dialog[open]"],
  ["Shift+P", "dialog[open]"],
  ["Shift+C", "dialog[open]"],
  ["Alt+v", "dialog[open]"],
  ["Alt+s", "dialog[open]"],
];

for (const [theme, rules] of THEMES) {
  test(`no panel, dialog or menu of the ${theme} editor has a serious fault for axe`, async ({
    editor,
    page,
  }) => {
    test.slow();
    await page.emulateMedia({ colorScheme: theme });
    const faults = await everywhere(editor, rules);
    expect(faults).toEqual([]);
  });
}

test("axe finds nothing serious where the token is asked for", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByLabel("Token")).toBeVisible();
  expect(await faultsOf(page, "body")).toEqual([]);
});

/** The faults of the whole page, then of every panel, dialog and menu after a run. */
async function everywhere(editor: Editor, rules: readonly string[]): Promise<readonly string[]> {
  const { page } = editor;
  await editor.open();
  await editor.runToEnd();
  await editor.socket("positive", "output", "conditioning").click();
  await expect(page.getByText(/^vector 0, norm/).first()).toBeVisible();
  const faults = [...(await faultsOf(page, "body", rules))];
  for (const button of await page.locator(".rail-button[aria-pressed]").all()) {
    if ((await button.getAttribute("aria-pressed")) === "false") await button.click();
    faults.push(...(await faultsOf(page, ".panel", rules)));
  }
  for (const tab of await page.locator(".inspector-tabs [role=tab]").all()) {
    await tab.click();
    faults.push(...(await faultsOf(page, ".inspector", rules)));
  }
  await page.getByRole("button", { name: "Nodes", exact: true }).click();
  await editor.node("sampler").locator(".node-title").click();
  for (const [keys, place] of OVER) {
    await editor.press(keys);
    faults.push(...(await faultsOf(page, place, rules)));
    await editor.press("Escape");
    await expect(page.locator(place)).toHaveCount(0);
    await editor.node("sampler").locator(".node-title").click();
  }
  await page.getByRole("button", { name: "Share" }).click();
  faults.push(...(await faultsOf(page, "[role=menu]", rules)));
  await editor.press("Escape");
  await editor.node("sampler").locator(".node-title").click({ button: "right" });
  faults.push(...(await faultsOf(page, "[role=menu]", rules)));
  await editor.press("Escape");
  await editor.dropFile("graph.json", "application/json", new TextEncoder().encode(await editor.text()));
  faults.push(...(await faultsOf(page, "dialog[open]", rules)));
  await editor.press("Escape", "Alt+f");
  await expect(page.getByRole("heading", { name: "Text to image" })).toBeVisible();
  return [...faults, ...(await faultsOf(page, "body", rules))];
}

/** What axe finds serious in a part of the page, once that is there. */
async function faultsOf(
  page: Page,
  place: string,
  rules: readonly string[] = [],
): Promise<readonly string[]> {
  await expect(page.locator(place).first()).toBeVisible();
  const axe = new AxeBuilder({ page }).include(place);
  if (rules.length > 0) axe.withRules([...rules]);
  const { violations } = await axe.analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return serious.map(({ id, nodes }) => {
    const places = nodes.map((node) => node.target.join(" ")).slice(0, 4);
    return `${id} in ${place}: ${places.join(" | ")}`;
  });
}
