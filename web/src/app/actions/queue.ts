/** Change the queue: its order, what is in it, whether it goes on. */

import { createStore } from "zustand";
import { cancelAll, cancelRun, moveRun, pauseQueue, type Queue, queueOf } from "../../api/queue";
import { stepsTo } from "../../live/queueOrder";
import { t } from "../i18n";
import { said } from "../said";
import { say } from "../view";

export const queue = createStore<Queue>(() => ({ running: [], waiting: [], queued: 0, paused: false }));

export async function refreshQueue(): Promise<void> {
  queue.setState(await queueOf());
}

/** Bring a waiting run to a place, counted from 0. */
export async function moveTo(run: string, place: number): Promise<void> {
  const { waiting } = queue.getState();
  const order = waiting.map(({ id }) => id);
  const to = Math.min(Math.max(0, place), order.length - 1);
  const steps = stepsTo(order, run, to);
  if (steps.length === 0) return;
  await changed(async () => {
    for (const { run: moved, before } of steps) await moveRun(moved, before);
  });
  say(t("queue.moved", { at: to + 1, all: order.length }));
}

export async function runNext(run: string): Promise<void> {
  await moveTo(run, 0);
}

export async function cancelOne(run: string): Promise<void> {
  await changed(() => cancelRun(run));
}

/** Cancel what waits; what runs goes on. */
export async function clearWaiting(): Promise<void> {
  await changed(async () => {
    for (let left = queue.getState().waiting; left.length > 0; left = queue.getState().waiting) {
      await Promise.all(left.map(({ id }) => cancelRun(id)));
      await refreshQueue();
    }
  });
}

/** Cancel what waits and what runs. */
export async function cancelEverything(): Promise<void> {
  await changed(cancelAll);
}

/** Take no more runs, or take them again. */
export async function togglePause(): Promise<void> {
  await changed(async () => pauseQueue(!(await queueOf()).paused));
}

async function changed(doing: () => Promise<void>): Promise<void> {
  await said(doing());
  await said(refreshQueue());
}
