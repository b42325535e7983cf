/** How a picture came out of the noise: the previews of a node, step by step. */

import { useEffect, useLayoutEffect, useRef, useState } from "react";
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

/** Addresses of the frames, there before they are painted; those that are no longer shown are freed. */
function useUrls(frames: readonly StripFrame[]): ReadonlyMap<StripFrame, string> {
  const made = useRef<ReadonlyMap<StripFrame, string>>(new Map());
  const [urls, setUrls] = useState(made.current);
  useLayoutEffect(() => {
    const before = made.current;
    const now = new Map(
      frames.map((frame) => [frame, before.get(frame) ?? URL.createObjectURL(frame.image)]),
    );
    for (const [frame, url] of before) if (!now.has(frame)) URL.revokeObjectURL(url);
    made.current = now;
    setUrls(now);
  }, [frames]);
  useEffect(() => {
    return () => {
      for (const url of made.current.values()) URL.revokeObjectURL(url);
      made.current = new Map();
    };
  }, []);
  return urls;
}
