import type { WebSocketRoute } from "@playwright/test";
import { expect, test } from "./editor";

test("the first graph runs to a picture; a changed seed computes only what follows it", async ({
  editor,
  page,
}) => {
  await editor.open();
  await editor.node("tokens").getByRole("textbox", { name: "text" }).fill("a small blue circle");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(editor.node("sampler").locator(".node-state")).toHaveText(/\d+ \/ 20/, { timeout: 30_000 });
  await expect(editor.node("decode").locator("img")).toBeVisible({ timeout: 30_000 });
  await expect(page.locator(".said")).toContainText("The run is done.");
  await editor.node("sampler").getByRole("button", { name: "New random seed" }).click();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  for (const id of ["tokens", "positive", "negative"]) {
    await expect(editor.node(id).locator(".node-state")).toHaveText("cached");
  }
  await expect(editor.node("sampler").locator(".node-state")).toHaveText(/\d+ \/ 20/, { timeout: 30_000 });
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.locator(".said")).toContainText("The run was cancelled.");
});

test("what is missing is refused by the server in a sentence", async ({ editor, page }) => {
  await editor.openEmpty();
  await editor.press("a");
  await page.keyboard.type("vae decode");
  await editor.press("Enter");
  await expect(page.getByText("2 problems")).toBeVisible();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.locator(".said-text.error")).toContainText("is not connected");
});

test("a reload in the middle of a run finds the graph and the run, and the run goes on", async ({
  editor,
  page,
}) => {
  await editor.open();
  await editor.node("tokens").getByRole("textbox", { name: "text" }).fill("a large green triangle");
  await editor.node("sampler").getByRole("button", { name: "New random seed" }).click();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(editor.node("sampler").locator(".node-state")).toHaveText(/\d+ \/ 20/, { timeout: 30_000 });
  await page.waitForTimeout(1100);
  await page.reload();
  await expect(editor.node("tokens").getByRole("textbox", { name: "text" })).toHaveValue(
    "a large green triangle",
  );
  await expect(editor.node("decode").locator("img")).toBeVisible({ timeout: 30_000 });
  await expect(editor.node("sampler").locator(".node-state")).toHaveText(/s$/);
});

test("a socket cut three times in a run comes back by itself, and nothing of the run is missed", async ({
  editor,
  page,
}) => {
  const sockets: WebSocketRoute[] = [];
  await page.routeWebSocket(/api\/v1\/ws/, (socket) => {
    sockets.push(socket);
    socket.connectToServer();
  });
  await editor.open();
  await editor.node("sampler").getByRole("button", { name: "New random seed" }).click();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  for (let cut = 0; cut < 3; cut += 1) {
    await page.waitForTimeout(400);
    await sockets.at(-1)?.close();
  }
  await expect(editor.node("decode").locator("img")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("Connected")).toBeVisible();
  expect(sockets.length).toBeGreaterThan(2);
  for (const id of ["model", "tokens", "positive", "guidance", "empty"]) {
    await expect(editor.node(id).locator(".node-state")).not.toHaveText("waiting");
  }
});
