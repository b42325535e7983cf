import { readFile } from "node:fs/promises";
import { expect, test } from "./editor";

test("a change is saved by itself; a conflict is shown as a difference, and both can be kept", async ({
  editor,
  page,
}) => {
  await editor.open();
  await editor.node("sampler").getByRole("button", { name: "New random seed" }).click();
  await expect(page.locator(".status-bar")).toContainText("not saved");
  const saving = page.waitForResponse(
    (answer) => answer.url().endsWith("/api/v1/graphs") && answer.request().method() === "POST",
  );
  const saved: { readonly id: string; readonly document: object } = await (await saving).json();
  await expect(page.locator(".status-bar")).toContainText("Saved");
  await page.evaluate(
    async ({ id, document }) => {
      await fetch(`/api/v1/graphs/${id}`, {
        method: "PUT",
        headers: { "Content-Type": "application/json", "If-Match": '"1"' },
        body: JSON.stringify({ document, name: "theirs" }),
      });
    },
    { id: saved.id, document: { ...saved.document, name: "theirs" } },
  );
  await editor.node("sampler").getByRole("button", { name: "New random seed" }).click();
  const dialog = page.getByRole("dialog", { name: "Somebody else saved this graph" });
  await expect(dialog).toBeVisible({ timeout: 15_000 });
  await expect(dialog.locator(".changes")).toContainText("sampler.seed");
  await dialog.getByRole("button", { name: "Keep both" }).click();
  await expect(page.locator(".tab")).toHaveCount(2);
  await expect(page.locator(".tab").first()).toContainText("theirs");
});

test("the steps are listed by name, and one leads back to any of them", async ({ editor, page }) => {
  await editor.open();
  await editor.node("tokens").getByRole("textbox", { name: "text" }).fill("a green circle");
  await editor.node("sampler").getByRole("button", { name: "New random seed" }).click();
  await page.getByRole("button", { name: "Steps", exact: true }).click();
  await expect(page.locator(".step")).toHaveText(["set seed", "set text", "as it was opened"]);
  await page.getByText("as it was opened").click();
  await expect(editor.node("tokens").getByRole("textbox", { name: "text" })).toHaveValue(
    "a small red circle left of a blue square",
  );
  await page.locator(".step").first().click();
  await expect(editor.node("tokens").getByRole("textbox", { name: "text" })).toHaveValue("a green circle");
});

test("a saved picture brings back the very graph: it is shown first, and nothing runs", async ({
  editor,
  page,
}) => {
  await editor.open();
  await editor.prompt.fill("a large red ring");
  await editor.runToEnd();
  const before = await editor.text();
  await page.getByRole("button", { name: "Share" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "Download the picture with its graph" }).click(),
  ]);
  await page.keyboard.press("Alt+n");
  await expect(page.getByText("An empty graph")).toBeVisible();
  await editor.dropFile("picture.png", "image/png", await readFile(await download.path()));
  const dialog = page.getByRole("dialog", { name: "Open picture.png?" });
  await expect(dialog).toContainText("9 nodes");
  await expect(dialog).toContainText("all 9 nodes are cached");
  await dialog.getByRole("button", { name: "Open" }).click();
  await expect(editor.prompt).toHaveValue("a large red ring");
  await expect(editor.state("sampler")).not.toHaveText(/s$/);
  expect(await editor.text()).toBe(before);
});
