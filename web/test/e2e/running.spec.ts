import { expect, test } from "./editor";

test("a bypassed node passes its input on, in the picture and in the run; a muted one is named as a problem", async ({
  editor,
  page,
}) => {
  await editor.open();
  await editor.node("sampler").locator(".node-title").click();
  await editor.press("Control+b");
  await expect(editor.node("sampler").locator(".node.bypassed .passed-through path")).toHaveCount(1);
  await expect(page.getByRole("combobox", { name: "latent gets" })).toHaveValue("latent");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(editor.node("decode").locator("img")).toBeVisible({ timeout: 60_000 });
  await expect(editor.node("sampler").locator(".node-state")).toHaveText("bypassed");

  await editor.press("Alt+h");
  await expect(editor.node("decode").locator(".node-heat")).toHaveCount(1);
  await expect(editor.node("sampler").locator(".node-heat")).toHaveCount(0);
  await editor.press("Alt+t");
  await expect(page.getByRole("dialog").getByRole("row", { name: /^decode/ })).toContainText(/\d s|ms/);
  await editor.press("Escape", "Alt+h", "Alt+h");
  await expect(page.locator(".node-heat")).toHaveCount(0);
  await expect(page.locator(".meter")).toContainText(/^cpu \d+ MB, (busy|idle)$/);

  await editor.press("Control+m");
  await expect(editor.node("sampler").locator(".node")).toHaveClass(/muted/);
  await expect(editor.node("decode").locator(".port-row .missing")).toHaveText("latent");
  await editor.press("Shift+P");
  await expect(page.getByRole("dialog")).toContainText("VAE decode gets nothing as latent: Sampler is muted");
  await editor.press("Escape", "Control+z", "Control+z");
  await expect(editor.node("sampler").locator(".node")).not.toHaveClass(/muted|bypassed/);
});

test("three runs with the next seeds wait in the queue, are put into another order and taken out", async ({
  editor,
  page,
}) => {
  await editor.open();
  await editor.press("q");
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await expect(page.getByText("Paused: what runs goes on")).toBeVisible();
  await page.getByRole("spinbutton", { name: "How many runs" }).fill("3");
  await page.getByRole("combobox", { name: "Seeds" }).selectOption("next seed");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  const rows = page.locator(".queue-row.waiting");
  const order = () => rows.locator(".queue-title .quiet").allTextContents();
  await expect(rows).toHaveCount(3);
  expect(await order()).toEqual(["seed 0", "seed 1", "seed 2"]);
  await expect(editor.node("sampler").locator(".field.seed .field-value")).toHaveText("2");
  await expect(page.getByText("1 of 3")).toBeVisible();

  await rows.nth(0).getByRole("button", { name: "Text to image" }).focus();
  await editor.press("Alt+ArrowDown");
  await expect.poll(order).toEqual(["seed 1", "seed 0", "seed 2"]);
  await rows.nth(2).getByRole("button", { name: "Run next" }).click();
  await expect.poll(order).toEqual(["seed 2", "seed 1", "seed 0"]);
  await rows.nth(0).dragTo(rows.nth(2));
  await expect.poll(order).toEqual(["seed 1", "seed 0", "seed 2"]);
  await rows.nth(1).getByRole("button", { name: "Cancel this run" }).click();
  await expect(rows).toHaveCount(2);
  await page.getByRole("button", { name: "Clear", exact: true }).click();
  await expect(page.getByText("Nothing waits.")).toBeVisible();
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByRole("button", { name: "Pause", exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Run", exact: true })).toBeVisible();
});

test("run to here and run from here ask for what is chosen, and for what depends on it", async ({
  editor,
  page,
}) => {
  await editor.open();
  await editor.press("q");
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  const asked = () =>
    page.waitForRequest((request) => request.method() === "POST" && /\/runs$/.test(request.url()));
  await editor.node("guidance").locator(".node-title").click();
  let request = asked();
  await editor.press("r");
  expect((await request).postDataJSON().targets).toEqual(["guidance.guidance"]);
  request = asked();
  await editor.press("Shift+R");
  expect((await request).postDataJSON().targets.sort()).toEqual([
    "decode.image",
    "guidance.guidance",
    "sampler.latent",
  ]);
  await page.getByRole("button", { name: "Cancel all", exact: true }).click();
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByRole("button", { name: "Pause", exact: true })).toBeVisible();
});
