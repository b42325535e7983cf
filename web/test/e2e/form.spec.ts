import { expect, test } from "./editor";

test("a parameter and an output are made the graph's own in the inspector, and taken back", async ({
  editor,
  page,
}) => {
  await editor.open();
  await editor.node("sampler").locator(".node-title").click();
  const toggle = page.getByRole("button", { name: "Show eta in the form" });
  await expect(toggle).toHaveAttribute("aria-pressed", "false");
  await toggle.click();
  await expect(toggle).toHaveAttribute("aria-pressed", "true");
  const result = page.getByRole("button", { name: "latent: a result of the graph" });
  await result.click();
  const open = JSON.parse(await editor.text());
  expect(open.inputs.eta.to).toEqual(["sampler.eta"]);
  expect(open.outputs.latent).toBe("sampler.latent");

  await page.getByRole("button", { name: "Show seed in the form" }).click();
  await toggle.click();
  await result.click();
  const less = JSON.parse(await editor.text());
  expect([less.inputs.eta, less.inputs.seed, less.outputs.latent]).toEqual([undefined, undefined, undefined]);
  await editor.press("Control+z", "Control+z", "Control+z");
  expect(JSON.parse(await editor.text())).toEqual(open);
});
