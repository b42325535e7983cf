import { expect, test } from "./editor";

test("a pinned node does not run again whatever changes before it, and unpinned it does", async ({
  editor,
  page,
}) => {
  await editor.open();
  const sampler = editor.node("sampler");
  await sampler.locator(".node-title").click();
  await editor.press("p");
  await expect(page.getByText("Sampler has given nothing yet that could be pinned.")).toBeVisible();

  await editor.runToEnd();
  await editor.press("p");
  await expect(sampler.locator(".node.pinned .node-state")).toHaveText("pinned");
  await expect(sampler.locator(".node-state svg")).toBeVisible();
  await expect(page.locator(".react-flow__node[data-id=sampler]")).toHaveAttribute("aria-label", /pinned$/);
  await expect(page.getByRole("heading", { name: "Pinned" })).toBeVisible();
  const document = JSON.parse(await editor.text());
  expect(document.nodes.sampler.pin.latent).toMatch(/^[0-9a-f]{64}$/);

  await editor.setNumber("sampler", "steps", 3);
  await editor.runToEnd();
  await expect(sampler.locator(".node-state")).toHaveText("pinned");
  await expect(editor.node("decode").locator(".node-state")).toHaveText("cached");

  await page.getByRole("button", { name: "Unpin" }).click();
  await expect(sampler.locator(".node.pinned")).toHaveCount(0);
  await expect(sampler.locator(".node-state")).toHaveText("will run");
  await editor.press("Control+z");
  await expect(sampler.locator(".node-state")).toHaveText("pinned");
});

test("a pin whose value is gone says so on the node, before a run and in it", async ({ editor }) => {
  await editor.open();
  const document = JSON.parse(await editor.text());
  const lost = ["latent", "attention"].map((port) => [port, "a".repeat(64)]);
  document.nodes.sampler.pin = Object.fromEntries(lost);
  await editor.openEmpty();
  await editor.paste(JSON.stringify(document));
  await expect(editor.node("sampler").locator(".node-state")).toHaveText("pin lost");
  await editor.run();
  await expect(editor.node("sampler").locator(".node-fault")).toContainText("unpin the node");
});
