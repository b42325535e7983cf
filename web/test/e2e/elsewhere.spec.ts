/** Search, trust, sharing: graphs from elsewhere are shown first and never run. */

import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, test } from "./editor";

const FOREIGN = JSON.stringify({
  format: "promptograph/1",
  name: "Theirs",
  nodes: {
    model: { type: "Checkpoint", version: 1, params: { source: "hub:org/name" } },
    photo: { type: "LoadImage", version: 1, params: { image: "asset:0000" } },
    magic: { type: "pack/Magic", version: 1 },
    text: { type: "Text", version: 1, params: { text: "hello" } },
  },
  outputs: { text: "text.text" },
});

async function dropText(page: Page, text: string): Promise<void> {
  await page.evaluate((content) => {
    const transfer = new DataTransfer();
    transfer.setData("text/plain", content);
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true }));
  }, text);
}

function countRuns(page: Page): () => number {
  let runs = 0;
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/api/v1/runs")) runs += 1;
  });
  return () => runs;
}

test("Ctrl F finds a value inside a subgraph and goes there", async ({ editor, page }) => {
  await editor.open();
  await editor.node("tokens").locator(".node-title").click();
  await page.keyboard.press("Control+g");
  await expect(editor.node("subgraph_1")).toBeVisible();
  await page.keyboard.press("Control+f");
  await page.getByRole("combobox", { name: "Search in the graph" }).fill("red circle left");
  await expect(page.locator(".listbox-item").first()).toContainText("Subgraph");
  await page.keyboard.press("Enter");
  await expect(page.locator(".breadcrumbs")).toBeVisible();
  await expect(editor.node("tokens").locator(".node.chosen")).toBeVisible();
});

test("a foreign graph says what it touches, and runs by itself not even in live mode, until it is trusted", async ({
  editor,
  page,
}) => {
  const runs = countRuns(page);
  await editor.open();
  await dropText(page, FOREIGN);
  const dialog = page.getByRole("dialog", { name: "Open text?" });
  await expect(dialog).toContainText("model downloads the model hub:org/name");
  await expect(dialog).toContainText("photo opens the file asset:0000");
  await expect(dialog).toContainText("magic is of the type pack/Magic, which is not here");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.keyboard.press("Alt+l");
  await expect.poll(runs).toBe(1);
  await dropText(
    page,
    JSON.stringify({ ...JSON.parse(FOREIGN), nodes: { text: JSON.parse(FOREIGN).nodes.text } }),
  );
  await page.getByRole("dialog", { name: "Open text?" }).getByRole("button", { name: "Open" }).click();
  await expect(page.locator(".foreign-bar")).toContainText("Live mode waits");
  await editor.node("text").getByRole("textbox").fill("changed");
  await page.waitForTimeout(600);
  expect(runs()).toBe(1);
  await page.getByRole("button", { name: "Trust it" }).click();
  await expect(page.locator(".foreign-bar")).toHaveCount(0);
  await editor.node("text").getByRole("textbox").fill("changed again");
  await expect.poll(runs).toBe(2);
  await page.keyboard.press("Alt+l");
});

test("a template that is opened in live mode does not run by itself; a change to it does", async ({
  editor,
  page,
}) => {
  const runs = countRuns(page);
  await editor.openEmpty();
  await page.keyboard.press("Alt+l");
  await page.locator(".empty-canvas").getByRole("button", { name: "Text to image" }).click();
  await expect(editor.node("sampler")).toBeVisible();
  await page.waitForTimeout(800);
  expect(runs()).toBe(0);
  await editor.node("sampler").getByRole("button", { name: "New random seed" }).click();
  await expect.poll(runs).toBe(1);
  await page.keyboard.press("Alt+l");
});

test("what was copied elsewhere is shown before it is pasted", async ({ editor, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await editor.open();
  await page.evaluate((text) => navigator.clipboard.writeText(text), FOREIGN);
  await page.keyboard.press("Control+v");
  const dialog = page.getByRole("dialog", { name: "Open what is in the clipboard?" });
  await expect(dialog).toContainText("hub:org/name");
  await dialog.getByRole("button", { name: "Insert here" }).click();
  await expect(editor.node("model_1")).toBeVisible();
  await expect(page.locator(".foreign-bar")).toBeVisible();
});

test("what was copied here is pasted at once", async ({ editor, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await editor.open();
  await editor.node("sampler").locator(".node-title").click();
  await page.keyboard.press("Control+c");
  await page.keyboard.press("Control+v");
  await expect(editor.node("sampler_1")).toBeVisible();
  await expect(page.locator(".foreign-bar")).toHaveCount(0);
});

test("a link holds the graph, and asks before it opens", async ({ editor, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await editor.open();
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("menuitem", { name: "Copy a link that holds the graph" }).click();
  await expect(page.locator(".said")).toContainText("Copied");
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toContain("#graph=");
  await page.goto(link);
  const dialog = page.getByRole("dialog", { name: "Open a link?" });
  await expect(dialog).toContainText("9 nodes");
  expect(page.url()).not.toContain("graph=");
  await dialog.getByRole("button", { name: "Open" }).click();
  await expect(page.locator(".tab")).toHaveCount(2);
});

test("a picture can be taken with its graph or without, and holds nothing private", async ({
  editor,
  page,
}) => {
  await editor.open();
  await editor.runToEnd();
  const plain = await saved(page, "Download the picture without its graph");
  const whole = await saved(page, "Download the picture with its graph");
  expect(plain.startsWith("\x89PNG")).toBe(true);
  expect(plain).not.toMatch(/promptograph|[tz]TXt|iTXt|eXIf/);
  expect(whole).toContain("promptograph");
  expect(whole).not.toMatch(/e2e-token|127\.0\.0\.1|\/home\/|\/tmp\/|\/work\//);
});

async function saved(page: Page, item: string): Promise<string> {
  await page.getByRole("button", { name: "Share" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: item }).click(),
  ]);
  return (await readFile(await download.path())).toString("latin1");
}

test("a share link that is dropped shows its graph first", async ({ editor, page }) => {
  await editor.open();
  const run = await editor.runToEnd();
  const made = await page.evaluate(async (id) => {
    const answer = await fetch("/api/v1/shares", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ run: id }),
    });
    const { path } = await answer.json();
    return location.origin + path;
  }, run);
  await dropText(page, made);
  await expect(page.getByRole("dialog", { name: "Open a link?" })).toContainText("9 nodes");
});

test("a call of curl and a script are opened as the graphs that they are", async ({ editor, page }) => {
  await editor.open();
  const curl = await saved(page, "Download as call of the API (curl)");
  await dropText(page, curl);
  const dialog = page.getByRole("dialog", { name: "Open text?" });
  await expect(dialog).toContainText("A curl with");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await dropText(page, await saved(page, "Download as Python script"));
  await expect(dialog).toContainText("A python with");
});

test("a locked graph cannot be changed, and says so", async ({ editor, page }) => {
  await editor.open();
  await page.keyboard.press("Alt+k");
  await editor.node("sampler").locator(".node-title").click();
  await page.keyboard.press("Delete");
  await expect(page.locator(".said")).toContainText("This graph is locked.");
  await expect(editor.node("sampler")).toBeVisible();
  await page.locator(".said").getByRole("button", { name: "Unlock" }).click();
  await editor.node("sampler").locator(".node-title").click();
  await page.keyboard.press("Delete");
  await expect(editor.node("sampler")).toHaveCount(0);
});
