import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "./editor";

const RATE = 8000;
const FILM = readFileSync(join(import.meta.dirname, "../vectors/film.mp4"));

/** No node gives sound or film yet, and attention has a graph of its own: the answers for three links say that they did. */
test("sound has a waveform and tones, film has frames, attention lies over the picture word by word", async ({
  editor,
  page,
}) => {
  test.setTimeout(180_000);
  await pretend(page, "decode.image", { type: "Audio", value: { rate: RATE } }, { wav: wave() });
  await pretend(page, "empty.latent", { type: "Video", value: { fps: 8 } }, { mp4: FILM });
  await pretend(
    page,
    "sampler.latent",
    {
      type: "AttentionMaps",
      value: null,
      tensors: { [MAPS]: { dtype: "F32", shape: SHAPE, nan: 0, inf: 0 } },
    },
    { safetensors: attention(), json: Buffer.from(JSON.stringify(FIELDS)) },
  );
  await editor.open();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.locator(".said")).toContainText("The run is done.", { timeout: 90_000 });
  const sheet = page.locator(".inspector-sheet");

  await editor.socket("decode", "output", "image").click();
  const sound = sheet.getByRole("slider", { name: "What decode.image gave" });
  await expect(sound.locator(".waveform path")).toHaveCount(1);
  await expect(sheet).toContainText("8,000 Hz, channels: 1, tones up to 4 kHz");
  expect(await brightest(page)).toBeCloseTo(1 - 1000 / (RATE / 2), 1);
  await sound.focus();
  await editor.press("ArrowRight", "Shift+ArrowRight");
  await expect(sheet).toContainText("1.1 of 2 s");
  await sheet.getByRole("button", { name: "Play" }).click();
  await expect(sheet).toContainText("2 of 2 s", { timeout: 20_000 });
  await page.screenshot({ path: "test-results/sound.png" });

  await editor.socket("empty", "output", "latent").click();
  const frame = sheet.getByRole("slider", { name: "Frame" });
  await expect(sheet).toContainText("frame 1 of 16");
  await frame.focus();
  await editor.press("ArrowRight", "Shift+ArrowRight");
  await expect(sheet).toContainText("frame 12 of 16");
  await expect.poll(() => white(page), { timeout: 15_000 }).toBeCloseTo(12 / 16, 1);
  await sheet.getByRole("button", { name: "Next frame" }).click();
  await expect.poll(() => white(page), { timeout: 15_000 }).toBeCloseTo(13 / 16, 1);
  await page.screenshot({ path: "test-results/film.png" });

  await editor.socket("sampler", "output", "latent").click();
  await sheet.getByRole("button", { name: "red" }).click();
  await expect(sheet).toContainText("Where “red” is looked at; the brightest is 0.5");
  await sheet.getByRole("slider", { name: "Step" }).focus();
  await editor.press("ArrowRight");
  await expect(sheet).toContainText("the brightest is 1");
  await page.screenshot({ path: "test-results/attention.png" });

  await editor.socket("decode", "output", "image").click();
  await page.keyboard.press("v");
  await expect(
    page.getByRole("dialog").getByRole("slider", { name: "What decode.image gave" }),
  ).toBeVisible();
});

async function pretend(
  page: Page,
  link: string,
  summary: object,
  views: Readonly<Record<string, Buffer>>,
): Promise<void> {
  await page.route(
    (url) => decodeURIComponent(url.pathname).endsWith(`/values/${link}`),
    (route) => {
      const form = new URL(route.request().url()).searchParams.get("as") ?? "";
      const body = views[form];
      if (body)
        return route.fulfill({
          body,
          contentType: form === "mp4" ? "video/mp4" : "application/octet-stream",
        });
      const said = { tensors: {}, ...summary, views: Object.keys(views) };
      return route.fulfill({ json: { link, many: false, digests: ["0"], summaries: [said] } });
    },
  );
}

/** Two seconds: silence, then a tone of 1000 Hz. */
function wave(): Buffer {
  const count = RATE * 2;
  const file = Buffer.alloc(44 + count * 2);
  file.write("RIFF", 0);
  file.writeUInt32LE(36 + count * 2, 4);
  file.write("WAVEfmt ", 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(RATE, 24);
  file.writeUInt32LE(RATE * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write("data", 36);
  file.writeUInt32LE(count * 2, 40);
  for (let at = RATE; at < count; at += 1) {
    file.writeInt16LE(Math.round(30_000 * Math.sin((2 * Math.PI * 1000 * at) / RATE)), 44 + at * 2);
  }
  return file;
}

const MAPS = "layers.0.maps";
const SHAPE = [2, 1, 1, 16, 3];
const FIELDS = {
  length: 3,
  steps: [0, 1],
  words: { spans: ["a", "red", "circle"].map((text, position) => ({ chunk: 0, position, text })) },
  layers: [{ name: "mid", height: 4, width: 4, maps: { tensor: MAPS } }],
};

/** "red" is looked at in one corner, and only in the first step. */
function attention(): Buffer {
  const values = new Float32Array(SHAPE.reduce((product, size) => product * size, 1));
  values[1] = 1;
  const range = [0, values.byteLength];
  const header = JSON.stringify({ [MAPS]: { dtype: "F32", shape: SHAPE, data_offsets: range } });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, Buffer.from(header), Buffer.from(values.buffer)]);
}

/** How far down the brightest row of the tones stands, late in the sound. */
function brightest(page: Page): Promise<number> {
  return page.locator("canvas.tones").evaluate((canvas: HTMLCanvasElement) => {
    const context = canvas.getContext("2d");
    if (!context) return Number.NaN;
    const { data } = context.getImageData(Math.floor(canvas.width * 0.75), 0, 1, canvas.height);
    const light = Array.from(
      { length: canvas.height },
      (_, y) => (data[y * 4] ?? 0) + (data[y * 4 + 1] ?? 0),
    );
    return light.indexOf(Math.max(...light)) / canvas.height;
  });
}

/** Which part of the film's picture is white: each frame has one more sixteenth. */
function white(page: Page): Promise<number> {
  return page.locator(".film video").evaluate((video: HTMLVideoElement) => {
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = 1;
    const context = canvas.getContext("2d");
    context?.drawImage(video, 0, 0);
    const data = context?.getImageData(0, 0, canvas.width, 1).data ?? [];
    return (
      Array.from({ length: canvas.width }, (_, x) => (data[x * 4] ?? 0) > 128).filter(Boolean).length /
      canvas.width
    );
  });
}
