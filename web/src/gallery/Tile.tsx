/** One entry of the gallery: its thumbnail while it is near the screen, its stars, and whether it is chosen. */

import { AudioLines, Film, ImageOff } from "lucide-react";
import { memo, useState } from "react";
import { t, when } from "../app/i18n";
import { lookAt, type PictureRef } from "../values/looking";
import { address } from "../values/summary";
import { toggleChosen, useCollection } from "./collection";
import type { Entry } from "./entries";
import { useRatings } from "./ratings";
import { useNear } from "./useNear";

interface Props {
  readonly entry: Entry;
  readonly shown: readonly Entry[];
  readonly place: number;
}

export const Tile = memo(function Tile({ entry, shown, place }: Props) {
  const { digest, run } = entry;
  const [tile, near] = useNear<HTMLLIElement>();
  const chosen = useCollection((state) => state.chosen.has(digest));
  const stars = useRatings((ratings) => ratings.stars[digest] ?? 0);
  const name = t("gallery.entry", { name: run.name || t("bar.untitled"), number: run.number });
  return (
    <li ref={tile} className={chosen ? "tile chosen" : "tile"}>
      <button
        type="button"
        className="tile-picture"
        aria-label={name}
        title={`${name} · ${when(run.created)}`}
        onClick={() => lookAt(shown.map(refOf), place)}
      >
        {near && <Thumbnail entry={entry} />}
      </button>
      <input
        type="checkbox"
        checked={chosen}
        aria-label={t("gallery.choose", { name })}
        onChange={() => toggleChosen(digest)}
      />
      {stars > 0 && <span className="tile-stars">{"★".repeat(stars)}</span>}
    </li>
  );
});

function Thumbnail({ entry }: { readonly entry: Entry }) {
  const [gone, setGone] = useState(false);
  if (entry.kind === "audio") return <AudioLines className="icon" aria-hidden="true" />;
  if (entry.kind === "video") return <Film className="icon" aria-hidden="true" />;
  if (gone) return <ImageOff className="icon" aria-hidden="true" />;
  return (
    <img
      src={address(entry.run.id, entry.link, "thumbnail")}
      alt=""
      decoding="async"
      onError={() => setGone(true)}
    />
  );
}

export function refOf({ run, link, digest }: Entry): PictureRef {
  return { run: run.id, link, item: 0, digest };
}
