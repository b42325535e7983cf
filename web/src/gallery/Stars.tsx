/** How good a picture is: up to five stars; the same star again takes the rating away. */

import { Star } from "lucide-react";
import { t } from "../app/i18n";
import { BEST, rate, useRatings } from "./ratings";

export function Stars({ digest }: { readonly digest: string }) {
  const stars = useRatings((ratings) => ratings.stars[digest] ?? 0);
  return (
    <fieldset className="stars" aria-label={t("gallery.rating")} title={t("gallery.ratingKept")}>
      {Array.from({ length: BEST }, (_, at) => at + 1).map((count) => (
        <button
          key={count}
          type="button"
          className={count <= stars ? "star lit" : "star"}
          aria-pressed={count === stars}
          aria-label={t("gallery.stars", { count })}
          onClick={() => rate(digest, count === stars ? 0 : count)}
        >
          <Star className="icon small" aria-hidden="true" />
        </button>
      ))}
    </fieldset>
  );
}
