import { expect, test } from "./editor";
import { pan } from "./pan";

const COUNT = 1000;
const ACROSS = 40;

/** A graph of decoders in a grid, each fed by the one at its left. */
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

test("1000 nodes are panned as smoothly as an empty page, near by and from afar", async ({
  editor,
  page,
}) => {
  await editor.openEmpty();
  const empty = await pan(page);
  const started = Date.now();
  await editor.paste(bigGraph(COUNT));
  await expect(page.getByText(`${COUNT.toLocaleString("en")} nodes`)).toBeVisible();
  const shown = Date.now() - started;
  await editor.press("Escape", "Home");
  await page.waitForTimeout(400);
  await expect(page.locator(".overview")).toBeVisible();
  await expect(page.locator(".react-flow__node")).toHaveCount(0);
  const far = await pan(page);
  await editor.press("Control+0");
  await expect(page.locator(".react-flow__node").first()).toBeVisible();
  for (let click = 0; click < 1; click += 1) await editor.press("-");
  await page.waitForTimeout(300);
  const near = await pan(page);
  const mounted = await page.locator(".react-flow__node").count();
  test.info().annotations.push({
    type: "measured",
    description: JSON.stringify({ empty, far, near, shown, mounted }),
  });
  console.log({ empty, far, near, shown, mounted });
  expect(shown).toBeLessThan(2500);
  expect(mounted).toBeLessThan(80);
  expect(far).toBeLessThan(Math.max(empty, 17) * 1.5);
  expect(near).toBeLessThan(Math.max(empty, 17) * 1.5);
});
