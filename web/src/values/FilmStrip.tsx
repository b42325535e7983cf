/** How a picture came out of the noise: the previews of a node, step by step. */

import { useEffect, useState } from "react";
import { t } from "../app/i18n";
import type { StripFrame } from "../live/filmStrip";

export function FilmStrip({ frames }: { readonly frames: readonly StripFrame[] }) {
  const urls = useUrls(frames);
  const [at, setAt] = useState<number | null>(null);
  const place = Math.min(at ?? frames.length - 1, frames.length - 1);
  const frame = frames[place];
  if (!frame || frames.length < 2) return null;
  const words = t("strip.step", { step: frame.step });
  return (
    <figure className="film">
      <img className="strip-large" src={urls.get(frame)} alt={words} />
      <input
        type="range"
        min={0}
        max={frames.length - 1}
        value={place}
        aria-label={t("strip.scrub")}
        aria-valuetext={words}
        onChange={({ currentTarget }) => setAt(Number(currentTarget.value))}
      />
      <ol className="strip">
        {frames.map((one, number) => (
          <li key={one.step}>
            <button
              type="button"
              aria-pressed={number === place}
              aria-label={t("strip.step", { step: one.step })}
              onClick={() => setAt(number)}
            >
              <img src={urls.get(one)} alt="" />
            </button>
          </li>
        ))}
      </ol>
      <figcaption className="quiet numbers">{words}</figcaption>
    </figure>
  );
}

/** Addresses of the frames; those that are no longer shown are freed. */
function useUrls(frames: readonly StripFrame[]): ReadonlyMap<StripFrame, string> {
  const [urls, setUrls] = useState<ReadonlyMap<StripFrame, string>>(new Map());
  useEffect(() => {
    const made = new Map(frames.map((frame) => [frame, URL.createObjectURL(frame.image)]));
    setUrls(made);
    return () => {
      for (const url of made.values()) URL.revokeObjectURL(url);
    };
  }, [frames]);
  return urls;
}
