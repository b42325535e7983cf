import type { Page, WebSocketRoute } from "@playwright/test";
import { type Editor, expect, SAMPLING, test } from "./editor";

const RUN = { timeout: 60_000 };

test("the first graph runs to a picture; a changed seed computes only what follows it", async ({
  editor,
}) => {
  await editor.open();
  await editor.prompt.fill("a small blue circle");
  await editor.runToEnd();
  await expect(editor.node("decode").locator("img")).toBeVisible();
  await editor.node("sampler").getByRole("button", { name: "New random seed" }).click();
  await editor.runToEnd();
  for (const id of ["model", "tokens", "negative_tokens", "positive", "negative"]) {
    await expect(editor.state(id)).toHaveText("cached");
  }
  await expect(editor.state("sampler")).toHaveText(/s$/);
});

test("a run shows its progress and previews while it samples, and is cancelled", async ({ editor, page }) => {
  await editor.open();
  const run = await editor.runForLong();
  await expect(editor.node("sampler").locator(".node-progress")).toHaveAttribute("max", "150");
  const preview = editor.node("sampler").locator(".node-picture img");
  await expect(preview).toHaveAttribute("src", /^blob:/);
  const first = await preview.getAttribute("src");
  await expect(preview).not.toHaveAttribute("src", first ?? "");
  await expect(page).toHaveTitle(/\d+ %/);
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(editor.said).toContainText("The run was cancelled.");
  expect((await asked<{ status: string }>(page, `/api/v1/runs/${run}`)).status).toBe("cancelled");
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

test("a broken wire is refused in a sentence that names the node and its port", async ({ editor, page }) => {
  await editor.open();
  await editor.socket("guidance", "input", "positive").click();
  await expect(page.locator(".inspector-sheet")).toContainText("conditioning");
  await editor.press("Delete");
  await expect(page.locator(".wire")).toHaveCount(13);
  await expect(editor.state("guidance")).toHaveText("incomplete");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.locator(".said-text.error")).toContainText(
    "guidance.positive: is not connected; wire a Conditioning to it",
  );
  await editor.press("Control+z");
  await expect(page.locator(".wire")).toHaveCount(14);
});

test("a reload in the middle of a run finds the graph, and the run that still goes on", async ({
  editor,
  page,
}) => {
  await editor.open();
  await editor.prompt.fill("a large green triangle");
  const run = await editor.runForLong();
  await kept(page);
  await page.reload();
  await expect(editor.prompt).toHaveValue("a large green triangle");
  await expect(editor.state("sampler")).toHaveText(SAMPLING);
  await expect(editor.node("sampler").locator(".node-picture img")).toHaveAttribute("src", /^blob:/);
  expect((await asked<{ status: string }>(page, `/api/v1/runs/${run}`)).status).toBe("running");
  await expect(editor.node("decode").locator("img")).toBeVisible(RUN);
  await told(editor, run);
});

test("a network that is gone three times in a run comes back by itself, without a gap", async ({
  editor,
  page,
}) => {
  const line = await cuttable(page);
  await editor.open();
  const run = await editor.runForLong();
  for (let cut = 0; cut < 3; cut += 1) {
    await line.cut();
    await expect(page.locator(".status-bar")).toContainText(/No connection|Connecting/);
    line.mend();
    await editor.connected();
  }
  await line.cut();
  await expect.poll(async () => (await asked<Run>(page, `/api/v1/runs/${run}`)).status, RUN).toBe("done");
  await expect(editor.state("sampler")).toHaveText(SAMPLING);
  line.mend();
  await expect(editor.node("decode").locator("img")).toBeVisible();
  await told(editor, run);
  expect(line.opened()).toBeGreaterThan(4);
});

interface Run {
  readonly status: string;
}

interface Told {
  readonly type: string;
  readonly node?: string;
  readonly seconds?: number;
}

/** Every node of the page says just what the events of the server add up to. */
async function told(editor: Editor, run: string): Promise<void> {
  const { events } = await asked<{ readonly events: readonly Told[] }>(
    editor.page,
    `/api/v1/runs/${run}/events`,
  );
  const last = new Map(events.flatMap((event) => (event.node ? [[event.node, event]] : [])));
  expect(last.size).toBe(9);
  for (const [node, { type, seconds = 0 }] of last) {
    const done = seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${shortened(seconds)} s`;
    await expect(editor.state(node)).toHaveText(type === "node_cached" ? "cached" : done);
  }
}

function shortened(seconds: number): string {
  return new Intl.NumberFormat("en", { maximumFractionDigits: 1 }).format(seconds);
}

/** The desk is kept in the browser a moment after a change. */
async function kept(page: Page): Promise<void> {
  await page.waitForTimeout(1500);
}

/** Ask the server with the session of the page. */
async function asked<T>(page: Page, path: string): Promise<T> {
  return (await page.request.get(path)).json();
}

/** The line of the socket: it can be cut, and stays so until it is mended. */
async function cuttable(page: Page) {
  const sockets: WebSocketRoute[] = [];
  let whole = true;
  await page.routeWebSocket(/api\/v1\/ws/, async (socket) => {
    sockets.push(socket);
    if (whole) socket.connectToServer();
    else await socket.close();
  });
  return {
    cut: async () => {
      whole = false;
      await sockets.at(-1)?.close();
    },
    mend: () => {
      whole = true;
    },
    opened: () => sockets.length,
  };
}
