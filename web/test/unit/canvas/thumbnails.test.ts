import { expect, test } from "vitest";
import { type Picture, Thumbnails } from "../../../src/canvas/thumbnails";

const names = (count: number, stem = "p") => Array.from({ length: count }, (_, at) => `${stem}${at}`);

class Loader {
  readonly asked: string[] = [];
  readonly closed: string[] = [];
  open = 0;
  most = 0;
  told = 0;
  readonly thumbnails = new Thumbnails<Picture>(
    async (address) => {
      this.asked.push(address);
      this.open += 1;
      this.most = Math.max(this.most, this.open);
      await Promise.resolve();
      this.open -= 1;
      if (address === "bad") throw new Error("gone");
      return { width: 1, height: 1, close: () => this.closed.push(address) };
    },
    () => {
      this.told += 1;
    },
  );

  async settle(): Promise<void> {
    for (let turn = 0; turn < 2000; turn += 1) await Promise.resolve();
  }
}

test("pictures are loaded once, a few at a time, and those that cannot be are not asked for again", async () => {
  const loader = new Loader();
  loader.thumbnails.want(["bad", ...names(20)]);
  expect(loader.thumbnails.at("p0")).toBeNull();
  await loader.settle();
  loader.thumbnails.want(["bad", ...names(20)]);
  await loader.settle();
  expect(loader.asked).toHaveLength(21);
  expect(loader.told).toBe(21);
  expect(loader.most).toBe(4);
  expect(loader.thumbnails.at("p0")).toMatchObject({ width: 1 });
  expect(loader.thumbnails.at("bad")).toBeNull();
});

test("no more than 128 are kept: what was seen longest ago goes, and gives its memory back", async () => {
  const loader = new Loader();
  loader.thumbnails.want(names(300));
  await loader.settle();
  expect(loader.asked).toHaveLength(128);
  loader.thumbnails.at("p0");
  loader.thumbnails.want(names(3, "q"));
  await loader.settle();
  expect(loader.closed).toEqual(["p1", "p2", "p3"]);
  loader.thumbnails.clear();
  expect(loader.closed).toHaveLength(131);
});

test("what is not seen any more is not loaded", async () => {
  const loader = new Loader();
  loader.thumbnails.want(names(50));
  loader.thumbnails.want(["late"]);
  await loader.settle();
  expect(loader.asked).toEqual(["p0", "p1", "p2", "p3", "late"]);
});
