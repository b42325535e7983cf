/** The noise schedule of a denoiser: sigma over the timesteps, on a scale of powers of ten. */

import { useState } from "react";
import { number, t } from "../app/i18n";
import type { Json } from "../graph/json";
import { scheduleIn, sigmasOf } from "./schedule";

const WIDTH = 300;
const HEIGHT = 90;

export function NoiseCurve({ fields }: { readonly fields: Json }) {
  const [at, setAt] = useState<number | null>(null);
  const sigmas = sigmasOf(scheduleIn(fields));
  if (!sigmas) return null;
  const place = at ?? Math.floor(sigmas.length / 2);
  const sigma = sigmas[place] ?? 0;
  const said = t("noise.at", { step: place, sigma: Number.isFinite(sigma) ? number(sigma, 4) : "∞" });
  return (
    <figure className="film">
      <svg
        className="noise-curve"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t("noise.title")}
      >
        <path d={curve(sigmas)} />
        <line
          x1={(place / (sigmas.length - 1)) * WIDTH}
          x2={(place / (sigmas.length - 1)) * WIDTH}
          y1={0}
          y2={HEIGHT}
        />
      </svg>
      <input
        type="range"
        min={0}
        max={sigmas.length - 1}
        value={place}
        aria-label={t("noise.timestep")}
        aria-valuetext={said}
        onChange={({ currentTarget }) => setAt(Number(currentTarget.value))}
      />
      <figcaption className="quiet numbers">{`${t("noise.title")}: ${said}`}</figcaption>
    </figure>
  );
}

function curve(sigmas: readonly number[]): string {
  const logs = sigmas.map((sigma) => Math.log10(Math.max(sigma, 1e-6)));
  const finite = logs.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const points = logs.map((log, at) => {
    const y = HEIGHT - ((Math.min(log, high) - low) / (high - low || 1)) * (HEIGHT - 4) - 2;
    return `${((at / (logs.length - 1)) * WIDTH).toFixed(1)} ${y.toFixed(1)}`;
  });
  return `M${points.join("L")}`;
}
