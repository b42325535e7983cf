/** How smoothly the canvas is panned. */

import type { Page } from "@playwright/test";

/** The median time of a frame while the canvas is panned, in milliseconds. */
export async function pan(page: Page): Promise<number> {
  await page.mouse.move(700, 450);
  await page.mouse.down({ button: "middle" });
  const frames = page.evaluate(
    () =>
      new Promise<number[]>((resolve) => {
        const times: number[] = [];
        let last = performance.now();
        const tick = (now: number) => {
          times.push(now - last);
          last = now;
          if (times.length < 60) requestAnimationFrame(tick);
          else resolve(times);
        };
        requestAnimationFrame(tick);
      }),
  );
  for (let step = 0; step < 30; step += 1) await page.mouse.move(700 - step * 8, 450 - step * 4);
  const times = (await frames).sort((a, b) => a - b);
  await page.mouse.up({ button: "middle" });
  return times[30] ?? 0;
}
