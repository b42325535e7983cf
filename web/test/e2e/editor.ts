/** What the tests do with the editor, in its own words. */

import { readFile } from "node:fs/promises";
import { test as base, expect, type Locator, type Page } from "@playwright/test";

export const TOKEN = "e2e-token-e2e-token-e2e-token-e2e-1";
const RUN_MS = 90_000;

/** A running sampler's state: so many of so many steps. */
export const SAMPLING = /^\d+ \/ \d+$/;

export class Editor {
  readonly page: Page;
  readonly complaints: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("console", (message) => {
      const refused = message
        .text()
        .startsWith("Failed to load resource: the server responded with a status of 4");
      if (message.type() === "error" && !refused) this.complaints.push(message.text());
    });
  }

  async open(): Promise<void> {
    await this.page.goto(`/#token=${TOKEN}`);
    await expect(this.page.locator(".react-flow__node").first()).toBeVisible();
    await this.connected();
  }

  async connected(): Promise<void> {
    await expect(this.page.locator(".status-bar").getByText("Connected", { exact: true })).toBeVisible();
  }

  async openEmpty(): Promise<void> {
    await this.open();
    await this.page.keyboard.press("Alt+n");
    await expect(this.page.getByText("An empty graph")).toBeVisible();
  }

  /** Open a graph that ships, as it is or changed, with all of it in view and nothing selected. */
  async openLibrary(name: string, change = (text: string): string => text): Promise<void> {
    await this.openEmpty();
    await this.paste(change(await libraryText(name)));
    await expect(this.page.locator(".react-flow__node").first()).toBeVisible();
    await this.press("Escape", "Home");
  }

  node(id: string): Locator {
    return this.page.locator(`.react-flow__node[data-id="${id}"]`);
  }

  /** What a node says that it is at. */
  state(id: string): Locator {
    return this.node(id).locator(".node-state");
  }

  socket(id: string, side: "input" | "output", port: string): Locator {
    return this.node(id).locator(`.socket[data-handleid="${side}:${port}"]`);
  }

  /** What the status line says last. */
  get said(): Locator {
    return this.page.locator(".said");
  }

  get prompt(): Locator {
    return this.node("tokens").getByRole("textbox", { name: "text" });
  }

  /** Drag a wire from one place to another, in small steps as a hand does. */
  async drag(from: Locator, to: Locator | { readonly x: number; readonly y: number }): Promise<void> {
    const start = await middle(from);
    const end = "boundingBox" in to ? await middle(to) : to;
    await this.page.mouse.move(start.x, start.y);
    await this.page.mouse.down();
    await this.page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2, { steps: 4 });
    await this.page.mouse.move(end.x, end.y, { steps: 4 });
  }

  async drop(): Promise<void> {
    await this.page.mouse.up();
  }

  /** Paste a graph as if it had been copied in this editor, so that nothing is asked. */
  async paste(text: string): Promise<void> {
    await this.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await this.page.evaluate(async (given) => {
      localStorage.setItem("promptograph.copied", given);
      await navigator.clipboard.writeText(given);
    }, text);
    await this.press("Control+v");
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  async setNumber(node: string, name: string, value: number): Promise<void> {
    const field = this.node(node).getByRole("spinbutton", { name, exact: true });
    await field.click();
    await this.page.keyboard.type(String(value));
    await this.press("Enter");
    await expect(field).toHaveAttribute("aria-valuenow", String(value));
  }

  /** Press Run, and give the id of the run. */
  async run(): Promise<string> {
    const [answer] = await Promise.all([
      this.page.waitForResponse(
        (one) => one.url().includes("/api/v1/runs") && one.request().method() === "POST",
      ),
      this.page.getByRole("button", { name: "Run", exact: true }).click(),
    ]);
    const run: { readonly id: string } = await answer.json();
    return run.id;
  }

  /** Press Run, and give the id of the run once the page knows that it has ended. */
  async runToEnd(): Promise<string> {
    const run = await this.run();
    await expect
      .poll(async () => (await this.page.request.get(`/api/v1/runs/${run}?wait=20`)).json(), {
        timeout: RUN_MS,
      })
      .toMatchObject({ status: "done" });
    await expect(this.page.getByRole("button", { name: "Cancel" })).toHaveCount(0);
    return run;
  }

  /** Begin a run that nobody has run before, and that takes its time; give its id once it samples. */
  async runForLong(steps = 150): Promise<string> {
    await this.setNumber("sampler", "steps", steps);
    await this.node("sampler").getByRole("button", { name: "New random seed" }).click();
    const run = await this.run();
    await expect(this.state("sampler")).toHaveText(SAMPLING, { timeout: RUN_MS });
    return run;
  }

  /** The graph as the editor downloads it, byte for byte; the browser itself allows only a few downloads. */
  async text(): Promise<string> {
    await this.page.evaluate(() => {
      const { createObjectURL } = URL;
      const { click } = HTMLAnchorElement.prototype;
      const text = new Promise<string>((resolve) => {
        HTMLAnchorElement.prototype.click = () => {
          HTMLAnchorElement.prototype.click = click;
        };
        URL.createObjectURL = (content) => {
          URL.createObjectURL = createObjectURL;
          if (content instanceof Blob) void content.text().then(resolve);
          return "";
        };
      });
      Reflect.set(window, "downloaded", text);
    });
    await this.press("Control+Shift+s");
    return this.page.evaluate(() => Reflect.get(window, "downloaded"));
  }

  /** Let go of a file over the page. */
  async dropFile(name: string, type: string, bytes: Uint8Array): Promise<void> {
    await this.page.evaluate(
      (file) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([new Uint8Array(file.bytes)], file.name, { type: file.type }));
        document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true }));
      },
      { name, type, bytes: [...bytes] },
    );
  }
}

/** The document of a graph that ships. */
export function libraryText(name: string): Promise<string> {
  return readFile(new URL(`../../../graphs/library/${name}.json`, import.meta.url), "utf8");
}

export async function middle(locator: Locator): Promise<{ x: number; y: number }> {
  const box = await locator.boundingBox();
  if (!box) throw new Error("it is not on the screen");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Wait until the canvas has come to rest. */
export async function still(page: Page): Promise<void> {
  const looked = () => page.locator(".react-flow__viewport").getAttribute("style");
  await expect(async () => {
    const before = await looked();
    await page.waitForTimeout(150);
    expect(await looked()).toBe(before);
  }).toPass();
}

export const test = base.extend<{ readonly editor: Editor }>({
  editor: async ({ page }, use) => {
    const editor = new Editor(page);
    await use(editor);
    await quiet(page);
    expect(editor.complaints).toEqual([]);
  },
});

/** Whatever a test did, or left undone: nothing waits or runs for the next one, and the queue goes on. */
async function quiet(page: Page): Promise<void> {
  for (const order of ["cancel", "resume"]) {
    await page.request.post(`/api/v1/queue/${order}`, { headers: { Authorization: `Bearer ${TOKEN}` } });
  }
}

export { expect };
