/** The interface itself: its size, its keys, its settings, its panels, its versions. */

import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./editor";

test("at 150 % on a small screen nothing is cut off at the sides, in the editor and in the form", async ({
  editor,
  page,
}) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await editor.open();
  for (let step = 0; step < 3; step += 1) await page.keyboard.press("Alt+=");
  await expect(page.locator("html")).toHaveAttribute("data-room", "medium");
  expect(await cutOff(page)).toEqual([]);
  await page.getByRole("button", { name: "EN", exact: true }).click();
  await expect(page.getByText("Verbunden")).toBeVisible();
  expect(await cutOff(page)).toEqual([]);
  expect((await page.locator(".tab.active").boundingBox())?.width).toBeGreaterThan(100);
  await page.keyboard.press("Alt+f");
  await expect(page.locator(".form-view h1")).toBeVisible();
  expect(await fontSize(page, ".form-view .field-label")).toBeCloseTo(18, 0);
  expect(await cutOff(page)).toEqual([]);
  await page.keyboard.press("Control+-");
  expect(await fontSize(page, ".form-view .field-label")).toBeCloseTo(15, 0);
});

/** Buttons and fields that reach out of the window, or out of their own panel, sideways. */
async function cutOff(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll(".app :is(button, select, input, .field, .kbd, h1, h2)")].flatMap(
      (element) => {
        const box = element.getBoundingClientRect();
        const panel = element.closest(".top-bar, .panel, .inspector, .rail, .status-bar, .form-view");
        if (!panel || box.width === 0) return [];
        const around = panel.getBoundingClientRect();
        const inside =
          box.left >= around.left - 1 &&
          box.right <= around.right + 1 &&
          (!panel.matches(".top-bar") || (box.top >= around.top && box.bottom <= around.bottom));
        return inside && box.right <= innerWidth + 1 ? [] : [element.outerHTML.slice(0, 120)];
      },
    ),
  );
}

function fontSize(page: Page, selector: string): Promise<number> {
  return page
    .locator(selector)
    .first()
    .evaluate((element) => {
      const style = getComputedStyle(element);
      let zoom = 1;
      for (let at: Element | null = element; at; at = at.parentElement)
        zoom *= Number(getComputedStyle(at).zoom) || 1;
      return Number.parseFloat(style.fontSize) * zoom;
    });
}

test("a wire is drawn and a node added where the pointer is, at any size of the interface", async ({
  editor,
  page,
}) => {
  await editor.open();
  await page.keyboard.press("Alt+=");
  await page.keyboard.press("Alt+=");
  await page.locator(".react-flow__pane").dblclick({ position: { x: 300, y: 60 } });
  const search = page.getByRole("dialog", { name: "Add a node" });
  const box = await search.boundingBox();
  const pane = await page.locator(".react-flow__pane").boundingBox();
  expect(Math.abs((box?.x ?? 0) - (pane?.x ?? 0) - 300)).toBeLessThan(4);
});

test("a command gets other keys; who else wants them is said; the usual ones come back", async ({
  editor,
  page,
}) => {
  await editor.open();
  await page.keyboard.press("Control+,");
  const dialog = page.getByRole("dialog", { name: "Settings" });
  await dialog.getByRole("textbox", { name: "Search settings" }).fill("grid");
  await expect(dialog.getByRole("checkbox")).toHaveCount(1);
  await dialog.getByRole("textbox", { name: "Search settings" }).fill("add a node");
  await dialog.getByRole("button", { name: /^Add a node:/ }).click();
  await page.keyboard.press("w");
  await expect(dialog.locator(".key-row").first()).toContainText(
    "also: Show all wires, those of chosen nodes, or none",
  );
  await page.keyboard.press("Escape");
  await page.keyboard.press("w");
  await expect(page.getByRole("dialog", { name: "Add a node" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+,");
  await dialog.getByRole("button", { name: "Usual keys for all" }).click();
  await page.keyboard.press("Escape");
  await page.keyboard.press("a");
  await expect(page.getByRole("dialog", { name: "Add a node" })).toBeVisible();
});

test("a panel gets wider by its edge, and keeps it", async ({ editor, page }) => {
  await editor.open();
  const edge = page.getByRole("separator", { name: "Width of the left panel" });
  await edge.focus();
  await page.keyboard.press("ArrowRight");
  await expect(edge).toHaveAttribute("aria-valuenow", "240");
  expect((await page.locator(".panel").boundingBox())?.width).toBe(240);
  await page.reload();
  await expect(edge).toHaveAttribute("aria-valuenow", "240");
});

test("versions are named, compared and brought back", async ({ editor, page }) => {
  await editor.open();
  const prompt = editor.node("tokens").getByRole("textbox", { name: "text" });
  for (const words of ["first words", "second words"]) {
    await prompt.fill(words);
    await page.keyboard.press("Control+s");
    await expect(page.locator(".status-bar")).toContainText("Saved");
  }
  await prompt.press("Escape");
  await page.keyboard.press("Alt+v");
  const dialog = page.getByRole("dialog", { name: "Versions of this graph" });
  const oldest = dialog.locator(".version").last();
  await oldest.getByRole("textbox").fill("the good one");
  await oldest.getByRole("button", { name: "Compare" }).click();
  await expect(dialog.locator(".changes")).toContainText("tokens.text");
  await oldest.getByRole("button", { name: "Bring back" }).click();
  await expect(prompt).toHaveValue("first words");
});

test("axe finds nothing serious in any panel, and nodes say their names", async ({ editor, page }) => {
  test.setTimeout(120_000);
  await editor.open();
  await expect(page.getByRole("group", { name: "Sampler, Sampler" })).toBeVisible();
  await expect(editor.node("sampler").locator(".field-row").first()).toHaveAttribute(
    "title",
    /one of|default/,
  );
  await editor.node("sampler").locator(".node-title").click();
  for (const panel of ["Graphs", "Outline", "Steps", "Pictures"]) {
    await page.getByRole("button", { name: panel, exact: true }).click();
    expect(await seriousFaults(page)).toEqual([]);
  }
  for (const sheet of ["Queue", "History"]) {
    await page.getByRole("tab", { name: sheet }).click();
    expect(await seriousFaults(page)).toEqual([]);
  }
  await page.evaluate(() => {
    const transfer = new DataTransfer();
    transfer.setData(
      "text/plain",
      '{"format": "promptograph/1", "nodes": {"a": {"type": "b/C", "version": 1}}}',
    );
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true }));
  });
  await expect(page.getByRole("dialog", { name: "Open text?" })).toBeVisible();
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole("dialog").getByRole("button", { name: "Open", exact: true }).click();
  await page.getByRole("button", { name: "What this graph touches" }).click();
  expect(await seriousFaults(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Shift+p");
  expect(await seriousFaults(page)).toEqual([]);
});

for (const contrast of [false, true]) {
  test(`axe finds nothing serious in settings, search, keys and versions${contrast ? " at high contrast" : ""}`, async ({
    editor,
    page,
  }) => {
    await editor.open();
    if (contrast) await page.keyboard.press("Shift+t");
    for (const keys of ["Control+,", "Control+f", "?", "Alt+v"]) {
      await page.keyboard.press(keys);
      await expect(page.getByRole("dialog")).toBeVisible();
      expect(await seriousFaults(page)).toEqual([]);
      await page.keyboard.press("Escape");
    }
    expect(await seriousFaults(page)).toEqual([]);
  });
}

async function seriousFaults(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).slice(0, 4)}`);
}
