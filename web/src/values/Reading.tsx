/** The values of the pixel under the pointer, and where they come from. */

import { number, t } from "../app/i18n";
import { channelName } from "./LookTools";
import { type Raster, valuesAt } from "./raster";
import type { Size, Spot } from "./zoom";

interface Props {
  readonly at: Spot | null;
  readonly picture: Size;
  readonly raster: Raster;
  readonly name?: string;
}

export function Reading({ at, picture, raster, name }: Props) {
  const values = at && valuesAt(raster, (at.x + 0.5) / picture.width, (at.y + 0.5) / picture.height);
  return (
    <section className="reading numbers" aria-label={name ?? t("look.pixel")}>
      <h3>{name ?? t("look.pixel")}</h3>
      <p role="status">{at && values ? t("look.place", { x: at.x, y: at.y }) : t("look.point")}</p>
      {values && (
        <dl className="figures">
          {values.map((value, channel) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: channels are known by their number
            <div key={channel}>
              <dt>{channelName(channel, values.length)}</dt>
              <dd>{Number.isFinite(value) ? number(value, 4) : String(value)}</dd>
            </div>
          ))}
        </dl>
      )}
      <p className="quiet">{t(raster.exact ? "look.exact" : "look.rounded")}</p>
    </section>
  );
}
