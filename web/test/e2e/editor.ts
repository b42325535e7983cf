/** What the tests do with the editor, in its own words. */

import { test as base, expect, type Locator, type Page } from "@playwright/test";

const TOKEN = "e2e-token-e2e-token-e2e-token-e2e-1";

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
    await expect(this.page.getByText("Connected")).toBeVisible();
  }

  async openEmpty(): Promise<void> {
    await this.open();
    await this.page.keyboard.press("Alt+n");
    await expect(this.page.getByText("An empty graph")).toBeVisible();
  }

  node(id: string): Locator {
    return this.page.locator(`.react-flow__node[data-id="${id}"]`);
  }

  socket(id: string, side: "input" | "output", port: string): Locator {
    return this.node(id).locator(`.socket[data-handleid="${side}:${port}"]`);
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

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }
}

async function middle(locator: Locator): Promise<{ x: number; y: number }> {
  const box = await locator.boundingBox();
  if (!box) throw new Error("it is not on the screen");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

export const test = base.extend<{ readonly editor: Editor }>({
  editor: async ({ page }, use) => {
    const editor = new Editor(page);
    await use(editor);
    expect(editor.complaints).toEqual([]);
  },
});

export { expect };
