/** Get a picture to be looked at closely: its pixels, and the numbers of its tensor where they are few enough. */

import { askBytes } from "../api/http";
import type { PictureRef } from "./looking";
import { type Raster, rasterOf, rasterOfPixels } from "./raster";
import { readTensors } from "./safetensors";
import { address, fetchSummary, type Item, type TensorFacts } from "./summary";

export interface Sight {
  readonly type: string;
  /** What is seen in colour; null where only channels can be seen. */
  readonly colour: Raster | null;
  /** The numbers that are read under the pointer, channel by channel. */
  readonly numbers: Raster;
  readonly batch: number;
  readonly tensor: TensorFacts | null;
  readonly digest: string;
}

/** Which tensor of a value is its picture. */
const DRAWN: Readonly<Record<string, string>> = {
  Image: "pixels",
  Mask: "pixels",
  Latent: "tensor",
  Gaussian: "mean",
  Codes: "indices",
  PatchAttention: "maps",
};
const PICTURES = new Set(["Image", "Mask"]);
const BYTES = 4;
export const LARGE = 16 * 2 ** 20;

export async function sightOf(ref: PictureRef): Promise<Sight> {
  const { items, digests } = await fetchSummary(ref.run, ref.link);
  const item = items[0];
  if (!item) throw new Error(ref.link);
  const tensor = drawnTensor(item);
  const numbers = tensor && tensorBytes(item.tensors) <= LARGE ? await rasterIn(ref, tensor) : null;
  const colour = PICTURES.has(item.type) && numbers ? numbers : await pixelsOf(ref, item);
  const read = numbers ?? colour;
  if (!read) throw new Error(ref.link);
  const batch = tensor?.shape[0] ?? 1;
  return { type: item.type, colour, numbers: read, batch, tensor, digest: ref.digest ?? digests[0] ?? "" };
}

export function tensorBytes(tensors: readonly TensorFacts[]): number {
  return tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, BYTES), 0);
}

function drawnTensor({ type, tensors }: Item): TensorFacts | null {
  return tensors.find(({ name }) => name === DRAWN[type]) ?? null;
}

async function rasterIn(ref: PictureRef, { name }: TensorFacts): Promise<Raster | null> {
  const tensors = readTensors(await askBytes(address(ref.run, ref.link, "safetensors")));
  const tensor = tensors.find((one) => one.name === name);
  return tensor ? rasterOf(tensor, ref.item) : null;
}

async function pixelsOf(ref: PictureRef, { views }: Item): Promise<Raster | null> {
  if (!views.has("png")) return null;
  const bytes = await askBytes(address(ref.run, ref.link, "png", ref.item));
  const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const context = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  if (!context) return null;
  context.drawImage(picture, 0, 0);
  picture.close();
  const { width, height, data } = context.getImageData(0, 0, context.canvas.width, context.canvas.height);
  return rasterOfPixels(width, height, data);
}
