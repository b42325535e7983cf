/** A value that can be seen or heard: pictures, latents as a quick picture or channel by channel, video, audio. */

import { Columns2, Maximize2 } from "lucide-react";
import { useState } from "react";
import { t } from "../app/i18n";
import { isObject, numberOf } from "../graph/json";
import { AudioView } from "./AudioView";
import { ItemPicker } from "./ItemPicker";
import { compare, lookAt } from "./looking";
import { address, type Item } from "./summary";
import { VideoView } from "./VideoView";

interface Props {
  readonly run: string;
  readonly link: string;
  readonly item: Item;
  readonly made: string;
}

export function MediaView({ run, link, item }: Props) {
  const [at, setAt] = useState(0);
  const [chosen, setChosen] = useState<"png" | "channels">("png");
  const { views, tensors } = item;
  const shown = views.has("png") ? chosen : "channels";
  const label = t("value.of", { link });
  if (views.has("mp4"))
    return <VideoView source={address(run, link, "mp4")} label={label} fps={fpsOf(item)} />;
  if (views.has("wav")) return <AudioView source={address(run, link, "wav")} label={label} />;
  if (!views.has("png") && !views.has("channels")) return null;
  const batch = tensors[0]?.shape[0] ?? 1;
  const source = address(run, link, shown, at);
  const ref = { run, link, item: at, digest: null };
  return (
    <figure className="value-picture">
      {views.has("png") && views.has("channels") && (
        <div className="segments" role="tablist">
          {(["png", "channels"] as const).map((form) => (
            <button
              key={form}
              type="button"
              role="tab"
              aria-selected={form === shown}
              onClick={() => setChosen(form)}
            >
              {t(form === "png" ? "value.picture" : "value.channels")}
            </button>
          ))}
        </div>
      )}
      <button type="button" className="picture-open" title={t("look.full")} onClick={() => lookAt([ref])}>
        <img src={source} alt={label} />
      </button>
      <div className="picture-ways">
        <button type="button" className="text-button" onClick={() => lookAt([ref])}>
          <Maximize2 className="icon small" aria-hidden="true" />
          {t("look.full")}
        </button>
        <button type="button" className="text-button" onClick={() => compare(ref, null)}>
          <Columns2 className="icon small" aria-hidden="true" />
          {t("compare.with")}
        </button>
      </div>
      {batch > 1 && <ItemPicker at={at} all={batch} onPick={setAt} />}
    </figure>
  );
}

/** Frames a second, where the value says so. */
function fpsOf({ value }: Item): number | null {
  return isObject(value) ? (numberOf(value.fps) ?? null) : null;
}
