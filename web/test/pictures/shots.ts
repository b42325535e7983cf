/** How the README's pictures are taken: shrunk, and kept below web/pictures. */

import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { type Editor, expect, test as plain, still } from "../e2e/editor";

const WEB = resolve(import.meta.dirname, "../..");
const PYTHON = resolve(WEB, "..", process.env.PROMPTOGRAPH_PYTHON ?? ".venv/bin/python");

export interface Part {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export async function keep(page: Page, name: string, clip?: Part): Promise<void> {
  await page.waitForTimeout(400);
  const png = await page.screenshot(clip ? { clip } : {});
  execFileSync(PYTHON, ["scripts/shrink.py", `pictures/${name}.webp`], { cwd: WEB, input: png });
}

/** The part of the page that some elements take up, with a margin. */
export async function around(page: Page, selectors: readonly string[], margin = 12): Promise<Part> {
  const boxes = [];
  for (const selector of selectors) {
    const box = await page.locator(selector).first().boundingBox();
    if (box) boxes.push(box);
  }
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
  const left = Math.max(0, Math.min(...boxes.map((box) => box.x)) - margin);
  const top = Math.max(0, Math.min(...boxes.map((box) => box.y)) - margin);
  const right = Math.min(width, Math.max(...boxes.map((box) => box.x + box.width)) + margin);
  const bottom = Math.min(height, Math.max(...boxes.map((box) => box.y + box.height)) + margin);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Run with this prompt, so that something is to be seen. */
export async function ran(editor: Editor, prompt: string): Promise<void> {
  await editor.prompt.fill(prompt);
  await editor.page.keyboard.press("Escape");
  await editor.runToEnd();
}

/** A node, for `around`. */
export function node(id: string): string {
  return `.react-flow__node[data-id="${id}"]`;
}

/** The canvas alone, with all of the graph in it. */
export async function alone(editor: Editor): Promise<void> {
  await editor.press("[", "]", "Home");
  await still(editor.page);
}

/** Wait until what was said is gone. */
export async function quiet(page: Page): Promise<void> {
  await expect(page.locator(".said-text")).toHaveCount(0);
}

export async function openLibrary(editor: Editor, title: string, node: string): Promise<void> {
  const { page } = editor;
  await editor.open();
  await page.getByRole("button", { name: "Graphs", exact: true }).click();
  await page.getByRole("button", { name: title, exact: true }).click();
  await expect(editor.node(node)).toBeVisible();
}

export { expect, plain as test };
