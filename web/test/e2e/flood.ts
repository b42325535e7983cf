/** A run that tells 600 things a second: said into the page's own socket, as a server with many workers would. */

import type { Page } from "@playwright/test";
import { expect } from "./editor";

const RUN = "r_aaaaaaaaaaaaaaaaaaaaaa";

/** Keep the sockets of the page at hand; must come before the page is opened. */
export async function tapSockets(page: Page): Promise<void> {
  await page.addInitScript((run) => {
    window.WebSocket = class extends WebSocket {
      constructor(address: string | URL) {
        super(address);
        Reflect.set(window, "tapped", this);
      }
      override send(message: string): void {
        if (!message.includes(run)) super.send(message);
      }
    };
  }, RUN);
}

interface Told {
  readonly perSecond: number;
  readonly finished: number;
}

/** Press Run, and let it rain until it is stopped. */
export async function flooded(page: Page, nodes: readonly string[]): Promise<{ stop(): Promise<Told> }> {
  const run = { id: RUN, number: 1, status: "running", name: "", priority: 0, inputs: {}, targets: [] };
  await page.route("**/api/v1/runs", (route) =>
    route.request().method() === "POST"
      ? route.fulfill({ status: 201, json: { ...run, attempt: 1, last: -1, created: 0 } })
      : route.fallback(),
  );
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.getByRole("button", { name: "Cancel" })).toBeVisible();
  await page.evaluate(
    ({ run, nodes }) => {
      const socket: WebSocket = Reflect.get(window, "tapped");
      const say = (message: object) =>
        socket.onmessage?.(new MessageEvent("message", { data: JSON.stringify(message) }));
      let told = 0;
      let n = 0;
      const event = (content: object) => {
        say({ type: "events", run, events: [{ run, n, at: 0, ...content }] });
        n += 1;
      };
      const next = () => {
        const node = nodes[Math.floor(told / 6) % nodes.length];
        const step = told % 6;
        if (step === 0) event({ type: "node_started", node });
        else if (step < 5) say({ type: "progress", run, node, step, total: 4, rate: 9, left: 1 });
        else event({ type: "node_finished", node, seconds: 0.1, peak: null, outputs: {}, summaries: {} });
        told += 1;
      };
      const began = performance.now();
      const rain = setInterval(() => {
        while (told < (performance.now() - began) * 0.6) next();
      }, 5);
      Reflect.set(window, "stopRain", () => {
        clearInterval(rain);
        return { perSecond: (told * 1000) / (performance.now() - began), finished: Math.floor(n / 2) };
      });
    },
    { run: RUN, nodes },
  );
  return { stop: () => page.evaluate(() => Reflect.get(window, "stopRain")()) };
}
