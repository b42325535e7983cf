import type { Page } from "@playwright/test";
import { type Editor, expect, test } from "./editor";

/** A place on the wire into a port, as the screen has it. */
async function onWire(page: Page, label: string): Promise<{ x: number; y: number }> {
  const place = await page.evaluate((text) => {
    const path = document.querySelector<SVGPathElement>(`[aria-label="${text}"] .wire-line`);
    const matrix = path?.getScreenCTM();
    const point = path?.getPointAtLength(path.getTotalLength() / 2);
    const at = matrix && point?.matrixTransform(matrix);
    return at ? { x: at.x, y: at.y } : null;
  }, label);
  if (!place) throw new Error(`no wire ${label}`);
  return place;
}

async function titleOf(editor: Editor, id: string): Promise<{ x: number; y: number }> {
  const box = await editor.node(id).locator(".node-title").boundingBox();
  if (!box) throw new Error(`${id} is not on the screen`);
  return { x: box.x + 12, y: box.y + box.height / 2 };
}

const POSITIVE = "positive.conditioning → guidance.positive";

async function addPoint(editor: Editor, page: Page): Promise<void> {
  const at = await onWire(page, POSITIVE);
  await page.mouse.dblclick(at.x, at.y);
  await expect(page.locator(".wire-point")).toHaveCount(1);
  await expect(page.getByRole("button", { name: "Undo change the way of a wire" })).toBeEnabled();
  await expect(editor.node("positive.conditioning>guidance.positive@0")).toBeVisible();
}

test("a wire is led through points: added, dragged, removed, undone", async ({ editor, page }) => {
  await editor.open();
  await addPoint(editor, page);
  const before = await onWire(page, POSITIVE);
  await editor.drag(page.locator(".wire-point"), { x: before.x - 40, y: before.y + 150 });
  await editor.drop();
  const point = await page.locator(".wire-point").boundingBox();
  expect(point?.y).toBeGreaterThan(before.y + 100);
  await expect(page.locator(`[aria-label="${POSITIVE}"] .wire-line`)).toHaveAttribute("d", /C.*C/);
  await editor.press("Delete");
  await expect(page.locator(".wire-point")).toHaveCount(0);
  await editor.press("Control+z");
  await expect(page.locator(".wire-point")).toHaveCount(1);
  await editor.press("l");
  await expect(page.getByRole("button", { name: "Undo tidy up" })).toBeEnabled();
});

test("wires are curved, straight or in right angles; all, of chosen nodes, or none", async ({
  editor,
  page,
}) => {
  await editor.open();
  const line = page.locator(`[aria-label="${POSITIVE}"] .wire-line`);
  await expect(line).toHaveAttribute("d", /C/);
  await editor.press("Alt+r");
  await expect(line).toHaveAttribute("d", /^M[^C]*L[^C]*$/);
  await editor.press("Alt+r");
  await expect(page.getByText("Wires run in right angles.")).toBeVisible();
  await editor.press("Alt+r");
  await editor.node("decode").locator(".node-title").click();
  await editor.press("w");
  await expect(page.locator(".wire")).toHaveCount(2);
  await editor.press("w");
  await expect(page.locator(".wire")).toHaveCount(0);
  await editor.press("w");
  await expect(page.locator(".wire")).toHaveCount(14);
});

test("a stroke with Ctrl and the right button cuts what it goes across", async ({ editor, page }) => {
  await editor.open();
  const at = await onWire(page, "sampler.latent → decode.latent");
  await page.keyboard.down("Control");
  await page.mouse.move(at.x, at.y - 30);
  await page.mouse.down({ button: "right" });
  await page.mouse.move(at.x, at.y + 30, { steps: 5 });
  await page.mouse.up({ button: "right" });
  await page.keyboard.up("Control");
  await expect(page.locator('[aria-label="sampler.latent → decode.latent"]')).toHaveCount(0);
  await expect(page.getByRole("menu")).toHaveCount(0);
  await editor.press("Control+z");
  await expect(page.locator(".wire")).toHaveCount(14);
});

test("the end of a wire is plugged elsewhere, or taken off", async ({ editor, page }) => {
  await editor.open();
  const socket = await editor.socket("guidance", "input", "positive").boundingBox();
  if (!socket) throw new Error("no socket");
  const end = { x: socket.x - 8, y: socket.y + socket.height / 2 };
  await page.mouse.move(end.x, end.y);
  await page.mouse.down();
  const other = await editor.socket("guidance", "input", "negative").boundingBox();
  await page.mouse.move(end.x - 30, end.y + 10, { steps: 4 });
  await page.mouse.move((other?.x ?? 0) + 4, (other?.y ?? 0) + 4, { steps: 4 });
  await page.mouse.up();
  await expect(page.locator('[aria-label="positive.conditioning → guidance.negative"]')).toHaveCount(1);
  await expect(page.locator(".wire")).toHaveCount(13);
  await editor.press("Control+z");
  await page.mouse.move(end.x, end.y);
  await page.mouse.down();
  await page.mouse.move(end.x - 60, end.y - 120, { steps: 6 });
  await page.mouse.up();
  await expect(page.locator(".wire")).toHaveCount(13);
  await expect(page.locator(".node-search")).toHaveCount(0);
  await editor.press("Control+z");
  await page.mouse.move(end.x, end.y);
  await page.mouse.down();
  const body = await editor.node("empty").locator(".node-title").boundingBox();
  await page.mouse.move(end.x - 30, end.y + 10, { steps: 4 });
  await page.mouse.move(body?.x ?? 0, (body?.y ?? 0) + 6, { steps: 4 });
  await page.mouse.up();
  await expect(editor.said).toContainText("No two sockets of these nodes fit.");
  await expect(page.locator(".wire")).toHaveCount(14);
});

test("inputs are swapped, nodes are connected by the sockets that fit", async ({ editor, page }) => {
  await editor.open();
  await editor.node("guidance").locator(".node-title").click();
  await editor.press("y");
  await expect(page.locator('[aria-label="negative.conditioning → guidance.positive"]')).toHaveCount(1);
  await editor.press("Control+z");
  await editor.node("decode").locator(".node-title").click();
  await editor.press("Control+d");
  await editor
    .node("sampler")
    .locator(".node-title")
    .click({ modifiers: ["Shift"] });
  await editor.press("j");
  const joined = page.locator('[aria-label="sampler.latent → decode_1.latent"]');
  await expect(joined).toHaveCount(1);
  await editor.press("Control+z");
  await expect(joined).toHaveCount(0);
  const [from, to] = [await titleOf(editor, "sampler"), await titleOf(editor, "decode_1")];
  await page.keyboard.down("Alt");
  await page.mouse.move(from.x, from.y);
  await page.mouse.down({ button: "right" });
  await page.mouse.move(to.x, to.y, { steps: 5 });
  await expect(page.locator(".stroke.join")).toBeVisible();
  await page.mouse.up({ button: "right" });
  await page.keyboard.up("Alt");
  await expect(joined).toHaveCount(1);
});

test("wires are drawn as names, and their names lead to the other end", async ({ editor, page }) => {
  await editor.open();
  await editor.node("model").locator(".node-title").click();
  await editor.press("Shift+N");
  await expect(page.locator(".wire.by-name")).toHaveCount(7);
  await editor.press("Escape");
  await expect(page.locator(".wire-name")).toHaveCount(14);
  await page.locator('[aria-label="model.denoiser → empty.denoiser"] .wire-name').last().click();
  await page.getByRole("textbox", { name: "Name of the wire" }).fill("net");
  await editor.press("Escape", "Escape");
  await expect(page.locator(".wire-name", { hasText: "net" })).toHaveCount(4);
  await editor.press("Control+z", "Control+z");
  await expect(page.locator(".wire.by-name")).toHaveCount(0);
});

test("a node that is dropped on a wire goes into it, and is pulled out with Alt", async ({
  editor,
  page,
}) => {
  await editor.open();
  await editor.press("a");
  await page.keyboard.type("choose");
  await editor.press("Enter");
  const title = editor.node("choose_1").locator(".node-title");
  const at = await onWire(page, POSITIVE);
  await editor.drag(title, { x: at.x - 20, y: at.y - 30 });
  await expect(page.locator(`[aria-label="${POSITIVE}"] .wire.chosen`)).toHaveCount(1);
  await editor.drop();
  await expect(page.getByRole("button", { name: "Undo insert into the wire" })).toBeEnabled();
  await expect(page.locator('[aria-label="choose_1.value → guidance.positive"]')).toHaveCount(1);
  await page.keyboard.down("Alt");
  await editor.drag(title, { x: at.x, y: at.y - 200 });
  await editor.drop();
  await page.keyboard.up("Alt");
  await expect(page.locator(`[aria-label="${POSITIVE}"]`)).toHaveCount(1);
  await expect(page.locator(".wire")).toHaveCount(14);
});

test("a node from the library is dropped on a wire, and goes into it", async ({ editor, page }) => {
  await editor.open();
  const at = await onWire(page, POSITIVE);
  const canvas = page.locator(".react-flow");
  const box = await canvas.boundingBox();
  const targetPosition = { x: at.x - (box?.x ?? 0), y: at.y - (box?.y ?? 0) };
  await page
    .locator(".library-entry", { hasText: /^Choose$/ })
    .dragTo(canvas, { targetPosition, sourcePosition: { x: 20, y: 8 } });
  await expect(page.locator('[aria-label="choose_1.value → guidance.positive"]')).toHaveCount(1);
});

test("a drag with Ctrl and Alt leaves the nodes, and puts copies where it ends", async ({ editor, page }) => {
  await editor.open();
  const title = editor.node("decode").locator(".node-title");
  await title.click();
  const before = await editor.node("decode").boundingBox();
  await page.keyboard.down("Control");
  await page.keyboard.down("Alt");
  await editor.drag(title, { x: (before?.x ?? 0) + 40, y: (before?.y ?? 0) + 163 });
  await expect(page.locator(".guide")).not.toHaveCount(0);
  await editor.drop();
  await page.keyboard.up("Alt");
  await page.keyboard.up("Control");
  await expect(page.locator(".guide")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Undo duplicate" })).toBeEnabled();
  expect((await editor.node("decode").boundingBox())?.y).toBe(before?.y);
  expect((await editor.node("decode_1").boundingBox())?.y).toBeGreaterThan((before?.y ?? 0) + 100);
  await expect(page.locator(".wire")).toHaveCount(14);
});

test("a wire is chosen by the keyboard, from its socket or by itself, and gets a point", async ({
  editor,
  page,
}) => {
  await editor.open();
  await editor.socket("guidance", "input", "positive").focus();
  await editor.press("Space", "d");
  await expect(page.locator(".wire-point")).toHaveCount(1);
  await editor.press("Control+z");
  await page.locator(`[aria-label="${POSITIVE}"]`).focus();
  await editor.press("Space", "Delete");
  await expect(page.locator(".wire")).toHaveCount(13);
});

test("points between two nodes move with both; a frame takes its points along", async ({ editor, page }) => {
  await editor.open();
  await addPoint(editor, page);
  const before = await page.locator(".wire-point").boundingBox();
  await editor.node("positive").locator(".node-title").click();
  await editor
    .node("guidance")
    .locator(".node-title")
    .click({ modifiers: ["Shift"] });
  await editor.press("ArrowDown", "ArrowDown");
  const after = await page.locator(".wire-point").boundingBox();
  expect((after?.y ?? 0) - (before?.y ?? 0)).toBeGreaterThan(4);
  await editor.press("f");
  const title = page.locator(".frame-title");
  const box = await title.boundingBox();
  await editor.drag(title, { x: (box?.x ?? 0) + (box?.width ?? 0) / 2, y: (box?.y ?? 0) + 110 });
  await editor.drop();
  const last = await page.locator(".wire-point").boundingBox();
  expect((last?.y ?? 0) - (after?.y ?? 0)).toBeGreaterThan(60);
});

test("a list says on its wire how many items it carried", async ({ editor, page }) => {
  test.setTimeout(120_000);
  await editor.open();
  await page.getByRole("button", { name: "Graphs", exact: true }).click();
  await page.getByRole("button", { name: "One prompt, several seeds", exact: true }).click();
  await expect(editor.node("seeds")).toBeVisible();
  await expect(page.locator(".wire.many").first()).toBeVisible();
  await editor.press("Control+Enter");
  await expect(page.getByText("The run is done.")).toBeVisible({ timeout: 90_000 });
  await expect(page.locator(".wire-count").first()).toHaveText(/^× \d+$/);
  const picture = editor.node("decode").locator(".node-picture img");
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(64);
});

test("frames and nodes are coloured, bookmarks lead back", async ({ editor, page }) => {
  await editor.open();
  await editor.node("sampler").locator(".node-title").click();
  await editor
    .node("decode")
    .locator(".node-title")
    .click({ modifiers: ["Shift"] });
  await editor.press("f", "Shift+C");
  await page.getByRole("radio", { name: "blue" }).click();
  await expect(page.locator(".frame[data-colour=blue]")).toHaveCount(1);
  await page.keyboard.type("");
  await editor.node("decode").locator(".node-title").click();
  await editor.press("Shift+C");
  await page.getByRole("radio", { name: "green" }).click();
  await expect(page.locator(".node[data-colour=green]")).toHaveCount(1);
  await editor.press("Shift+Digit2");
  await expect(page.getByText("Bookmark 2 is set")).toBeVisible();
  const before = await editor.node("decode").boundingBox();
  await editor.press("+", "+");
  await expect.poll(async () => (await editor.node("decode").boundingBox())?.width).toBeGreaterThan(180);
  await editor.press("2");
  await expect
    .poll(async () => (await editor.node("decode").boundingBox())?.x)
    .toBeCloseTo(before?.x ?? 0, 0);
  await editor.press("7");
  await expect(page.getByText("There is no bookmark 7")).toBeVisible();
});
