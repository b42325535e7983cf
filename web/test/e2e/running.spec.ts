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
  await editor.press("Control+m");
  await expect(editor.node("sampler").locator(".node")).toHaveClass(/muted/);
  await expect(editor.node("decode").locator(".port-row .missing")).toHaveText("latent");
  await editor.press("Shift+P");
  await expect(page.getByRole("dialog")).toContainText("VAE decode gets nothing as latent: Sampler is muted");
  await editor.press("Escape", "Control+z", "Control+z");
  await expect(editor.node("sampler").locator(".node")).not.toHaveClass(/muted|bypassed/);
});
