/** How fast it is, always beside the empty page in the same run: the machine that tests may be slow or busy. */

import type { Page } from "@playwright/test";
import { type Editor, expect, still, test } from "./editor";
import { flooded, tapSockets } from "./flood";
import { pan } from "./pan";

const ACROSS = 40;
const TRIES = 3;
const SMOOTH = 1.2;

for (const [count, slower, later, tag] of [
  [1000, SMOOTH, 1000, "@quick"],
  [3000, 3, 4000, "@full"],
] as const) {
  test(`${count} nodes are there soon, and are panned near by and from afar`, { tag }, async ({
    editor,
    page,
  }) => {
    test.slow();
    await editor.openEmpty();
    const empty = { opened: await opened(page, "0 nodes"), frame: await pan(page) };
    await paste(editor, count);
    const full = await opened(page, `${count.toLocaleString("en")} nodes`);
    await zoomTo(page, 80);
    expect(await page.locator(".react-flow__node").count()).toBeLessThan(80);
    const near = await least(slower, async () => (await pan(page)) / empty.frame);
    await zoomTo(page, 5);
    await expect(page.locator(".overview")).toBeVisible();
    await expect(page.locator(".react-flow__node")).toHaveCount(0);
    const far = await least(slower, async () => (await pan(page)) / empty.frame);
    console.log(JSON.stringify({ count, empty, full, near, far }));
    expect(full).toBeLessThan(1.5 * empty.opened + later);
    expect(near).toBeLessThanOrEqual(slower);
    expect(far).toBeLessThanOrEqual(slower);
  });
}

test("600 events a second leave 1000 nodes as smooth as the empty page", async ({ editor, page }) => {
  test.slow();
  await tapSockets(page);
  await editor.openEmpty();
  const empty = await pan(page);
  await paste(editor, 1000);
  await zoomTo(page, 80);
  const ids = Array.from({ length: 1000 }, (_, at) => `n${at}`);
  const flood = await flooded(page, ids);
  const under = await least(SMOOTH, async () => (await pan(page)) / empty);
  const told = await flood.stop();
  console.log(JSON.stringify({ empty, under, told }));
  expect(told.perSecond).toBeGreaterThan(500);
  expect(told.finished).toBeGreaterThan(20);
  await expect(page.locator(".status-bar")).toContainText("Connected");
  expect(under).toBeLessThanOrEqual(SMOOTH);
});

/** The least of a few measurements, which end as soon as one is good: others use the machine as well. */
async function least(good: number, measure: () => Promise<number>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let at = 0; at < TRIES && best > good; at += 1) best = Math.min(best, await measure());
  return best;
}

/** Load the page anew; give the milliseconds until it says how many nodes there are and answers to a key. */
async function opened(page: Page, nodes: string): Promise<number> {
  await page.waitForTimeout(1500);
  return least(0, async () => {
    const started = Date.now();
    await page.reload({ waitUntil: "commit" });
    await page.waitForFunction(
      (text) => document.querySelector(".status-bar")?.textContent?.includes(text),
      nodes,
    );
    await page.keyboard.press("?");
    await page.waitForSelector("dialog[open]");
    const took = Date.now() - started;
    await page.keyboard.press("Escape");
    return took;
  });
}

/** Put a large graph into the empty tab. */
async function paste(editor: Editor, count: number): Promise<void> {
  const { page } = editor;
  await editor.paste(bigGraph(count));
  await expect(page.locator(".status-bar")).toContainText(`${count.toLocaleString("en")} nodes`);
  await editor.press("Escape");
  await expect(page.locator(".status-bar")).toContainText("Saved", { timeout: 60_000 });
}

/** Zoom by the buttons, to so many per cent or just below. */
async function zoomTo(page: Page, percent: number): Promise<void> {
  const shown = page.locator(".zoom-percent");
  await shown.click();
  await expect(shown).toHaveText(/^100\s?%$/);
  while (Number.parseInt(await shown.innerText(), 10) > percent) {
    await page.getByRole("button", { name: "Zoom out" }).click();
    await still(page);
  }
}

/** Nodes in a grid, each fed by the one at its left. */
function bigGraph(count: number): string {
  const nodes: Record<string, unknown> = {};
  const positions: Record<string, unknown> = {};
  for (let at = 0; at < count; at += 1) {
    const left = at % ACROSS === 0 ? null : `n${at - 1}.image`;
    nodes[`n${at}`] = {
      type: "ResizeImage",
      version: 1,
      params: { width: 64, height: 64 },
      inputs: left ? { image: left } : {},
    };
    positions[`n${at}`] = [(at % ACROSS) * 280, Math.floor(at / ACROSS) * 220];
  }
  return JSON.stringify({ format: "promptograph/1", nodes, ui: { positions } });
}
