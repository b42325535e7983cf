import { expect, test } from "./editor";

test.use({ viewport: { width: 2600, height: 1400 } }); // wide enough to show the whole graph with its sockets

test("a film is seen while it is drawn, all frames side by side, and plays with a scrubber", async ({
  editor,
  page,
}) => {
  test.setTimeout(300_000);
  await editor.openLibrary("video-long", (text) => text.replace('"steps": 20', '"steps": 8'));
  await editor.run();
  const drawn = editor.node("sampler").locator(".node-picture img");
  await expect(drawn).toHaveAttribute("src", /^blob:/, { timeout: 200_000 });
  const sides = await drawn.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight]);
  expect(sides).toEqual([128, 128]); // 4 x 4 frames, drawn at 32 pixels each
  await page.screenshot({ path: "test-results/film-drawn.png" });
  await expect(editor.said).toContainText("The run is done.", { timeout: 250_000 });

  await editor.socket("decode", "output", "video").click();
  const sheet = page.locator(".inspector-sheet");
  await expect(sheet).toContainText("frame 1 of 16");
  await sheet.getByRole("slider", { name: "Frame" }).focus();
  await editor.press("End");
  await expect(sheet).toContainText("frame 16 of 16");
  await page.screenshot({ path: "test-results/film-played.png" });
  await sheet.getByRole("button", { name: "Play" }).click();
  await expect(sheet.getByRole("button", { name: "Pause" })).toBeVisible();
});
