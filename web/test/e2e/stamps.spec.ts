import type { Page } from "@playwright/test";
import { expect, test } from "./editor";
import { pan } from "./pan";

const COUNT = 100;

/** Many decoders of one latent: it is computed once, and each of them has a picture. */
function decoders(): string {
  const nodes: Record<string, unknown> = {
    model: { type: "Checkpoint", version: 1, params: { source: "bauklotz" } },
    empty: { type: "EmptyLatent", version: 1, inputs: { denoiser: "model.denoiser" } },
  };
  const positions: Record<string, unknown> = { model: [-800, 0], empty: [-400, 0] };
  for (let at = 0; at < COUNT; at += 1) {
    nodes[`d${at}`] = {
      type: "VAEDecode",
      version: 1,
      inputs: { latent: "empty.latent", autoencoder: "model.autoencoder" },
    };
    positions[`d${at}`] = [(at % 10) * 320, Math.floor(at / 10) * 400];
  }
  return JSON.stringify({ format: "promptograph/1", nodes, ui: { positions } });
}

/** How much of the drawing has the colour of nodes: pictures cover it. */
function bareShare(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>("canvas.overview");
    const data = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    let bare = 0;
    for (let at = 0; at < data.length; at += 4)
      if (data[at] === 0x22 && data[at + 1] === 0x26 && data[at + 2] === 0x2b) bare += 1;
    return bare / (data.length / 4);
  });
}

test("from afar, nodes show what they made, and the canvas is panned as smoothly", async ({
  editor,
  page,
}) => {
  test.setTimeout(180_000);
  await editor.openEmpty();
  await editor.paste(decoders());
  await expect(page.getByText(`${COUNT + 2} nodes,`)).toBeVisible();
  await editor.press("Escape", "Home");
  await expect(page.locator(".overview")).toBeVisible();
  await editor.press("Control+Enter");
  await expect(page.getByText("The run is done.")).toBeVisible({ timeout: 120_000 });
  await editor.press("Home");
  const before = await bareShare(page);
  await expect.poll(() => bareShare(page), { timeout: 20_000 }).toBeLessThan(before / 3);
  const time = await pan(page);
  expect(time).toBeLessThan(17 * 1.5);
});
