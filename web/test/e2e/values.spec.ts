import { expect, test } from "./editor";

test("after a run every port and wire shows what went through it", async ({ editor, page }) => {
  await editor.open();
  await editor.node("sampler").getByRole("button", { name: "New random seed" }).click();
  await editor.press("Escape");
  await editor.runToEnd();
  const sheet = page.locator(".inspector-sheet");
  await expect(sheet.getByRole("img", { name: "What decode.image gave" })).toBeVisible();
  await editor.socket("tokens", "output", "tokens").click();
  await expect(sheet.locator(".token")).toHaveCount(11);
  await expect(sheet.locator(".token").nth(3)).toContainText("red");
  await expect(sheet.locator(".token").nth(3)).toContainText("577");
  await editor.socket("positive", "output", "conditioning").click();
  await expect(sheet.getByText("1 × 48 × 128 · F32").first()).toBeVisible();
  await expect(sheet.getByText(/^vector 0, norm/).first()).toBeVisible();
  await sheet.getByRole("slider").first().focus();
  await editor.press("ArrowRight");
  await expect(sheet.getByText(/^vector 1, norm/).first()).toBeVisible();
  await editor.socket("decode", "input", "latent").click();
  await expect(sheet).toContainText("from Sampler latent to VAE decode latent");
  await sheet.getByRole("tab", { name: "Channels" }).click();
  await expect(sheet.getByRole("img", { name: "What sampler.latent gave" })).toHaveAttribute(
    "src",
    /channels/,
  );
  await expect(sheet.getByRole("link", { name: "Download safetensors" })).toBeVisible();
  await editor.node("sampler").locator(".node-title").click();
  await expect(sheet.getByRole("heading", { name: "Out of the noise" })).toBeVisible();
  expect(await sheet.locator(".strip img").count()).toBeGreaterThan(1);
  await sheet.locator(".strip button").first().click();
  await expect(sheet.locator(".strip-large")).toHaveAttribute("src", /^blob:/);
  await editor.socket("model", "output", "denoiser").click();
  await sheet.getByRole("slider", { name: "Timestep" }).press("End");
  await expect(sheet).toContainText("timestep 999, sigma ∞");
});
