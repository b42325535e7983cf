/** How alike each two vectors are: a matrix of cosines. */

import { useEffect, useRef } from "react";
import { t } from "../app/i18n";
import { likeness } from "./measure";

export function Likeness({ vectors }: { readonly vectors: readonly Float32Array[] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const side = vectors.length;
    const picture = context.createImageData(side, side);
    likeness(vectors).forEach((row, y) => {
      row.forEach((value, x) => {
        const [red, green, blue] = colour(value);
        picture.data.set([red, green, blue, 255], (y * side + x) * 4);
      });
    });
    context.putImageData(picture, 0, 0);
  }, [vectors]);
  return (
    <figure className="likeness">
      <canvas
        ref={canvas}
        width={vectors.length}
        height={vectors.length}
        role="img"
        aria-label={t("value.likeness")}
      />
      <figcaption className="quiet">{t("value.likeness")}</figcaption>
    </figure>
  );
}

/** Blue below zero, orange above, dark at zero. */
function colour(value: number): readonly [number, number, number] {
  const part = Math.min(1, Math.abs(value));
  const mix = (low: number, high: number) => Math.round(low + (high - low) * part);
  return value < 0 ? [mix(28, 83), mix(31, 182), mix(36, 235)] : [mix(28, 237), mix(31, 156), mix(36, 85)];
}
