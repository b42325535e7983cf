import { expect, test } from "./editor";

test("a sound can be listened to while it is written, and plays with waveform and tones when it is done", async ({
  editor,
  page,
}) => {
  test.setTimeout(400_000);
  await editor.openLibrary("text-to-sound", (text) => text.replace('"seconds": 2.0', '"seconds": 12.0'));
  const sheet = page.locator(".inspector-sheet");
  await editor.socket("sound", "output", "audio").click();
  await editor.run();

  await sheet.getByRole("button", { name: "Listen as it comes" }).click({ timeout: 200_000 });
  const stop = sheet.getByRole("button", { name: "Stop listening" });
  await expect(stop).toHaveAttribute("aria-pressed", "true");
  const first = await soFar();
  await expect(sheet.locator(".waveform path")).toHaveCount(1);
  await page.screenshot({ path: "test-results/sound-live.png" });
  await expect.poll(soFar, { timeout: 60_000 }).toBeGreaterThan(first);
  await stop.click();
  await expect(sheet.getByRole("button", { name: "Listen as it comes" })).toBeVisible();

  await expect(editor.said).toContainText("The run is done.", { timeout: 200_000 });
  const sound = sheet.getByRole("slider", { name: "What sound.audio gave" });
  await expect(sound.locator(".waveform path")).toHaveCount(1);
  await expect(sheet).toContainText("8,000 Hz, channels: 1, tones up to 4 kHz");
  await expect(sheet).toContainText("of 12 s");
  await page.screenshot({ path: "test-results/sound-made.png" });

  /** How many seconds there are, as the sheet says it. */
  async function soFar(): Promise<number> {
    const text = (await sheet.locator(".sound-bar").textContent()) ?? "";
    return Number(/([\d.]+) s so far/.exec(text)?.[1] ?? Number.NaN);
  }
});
