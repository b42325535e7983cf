/** A raster as something that a canvas can draw. */

import { type Look, type Range, type Raster, shade } from "./raster";

export function painted(raster: Raster, look: Look, range: Range): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = raster.width;
  canvas.height = raster.height;
  const picture = new ImageData(shade(raster, look, range), raster.width, raster.height);
  canvas.getContext("2d")?.putImageData(picture, 0, 0);
  return canvas;
}
