/** How a picture is shown: which channel, with how much exposure. */

import { number, t } from "../app/i18n";
import type { Look } from "./raster";

interface Props {
  readonly look: Look;
  readonly onLook: (look: Look) => void;
  readonly channels: number;
  readonly coloured: boolean;
}

const STOPS = 6;
const COLOURS = ["look.red", "look.green", "look.blue"] as const;

export function LookTools({ look, onLook, channels, coloured }: Props) {
  return (
    <div className="look-tools">
      {(channels > 1 || !coloured) && (
        <label>
          <span>{t("look.channel")}</span>
          <select
            value={look.channel ?? ""}
            onChange={({ currentTarget: { value } }) =>
              onLook({ ...look, channel: value === "" ? null : Number(value) })
            }
          >
            {coloured && <option value="">{t("look.colour")}</option>}
            {Array.from({ length: channels }, (_, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: channels are known by their number
              <option key={at} value={at}>
                {channelName(at, channels)}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        <span>{t("look.exposure")}</span>
        <input
          type="range"
          min={-STOPS}
          max={STOPS}
          step={0.25}
          value={look.stops}
          aria-valuetext={stopsText(look.stops)}
          onChange={({ currentTarget }) => onLook({ ...look, stops: Number(currentTarget.value) })}
          onDoubleClick={() => onLook({ ...look, stops: 0 })}
        />
        <span className="numbers">{stopsText(look.stops)}</span>
      </label>
    </div>
  );
}

export function channelName(at: number, all: number): string {
  const colour = all === 3 ? COLOURS[at] : undefined;
  return colour ? t(colour) : t("look.plane", { at });
}

function stopsText(stops: number): string {
  return t("look.stops", { stops: `${stops > 0 ? "+" : ""}${number(stops, 2)}` });
}
