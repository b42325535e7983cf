/** A sound while it is made: what there is of it is drawn, and can be listened to as it grows. */

import { AudioLines, Square } from "lucide-react";
import { useEffect, useState } from "react";
import { number, t } from "../app/i18n";
import type { LiveSound } from "../live/liveSound";
import { StreamPlayer, speakerOf } from "../live/streamPlayer";
import { SoundStrips } from "./SoundStrips";

export function LiveSoundView({ sound }: { readonly sound: LiveSound }) {
  const [listening, setListening] = useState(false);
  useStream(sound, listening);
  const seconds = (sound.start + sound.samples.length) / sound.rate;
  return (
    <figure className="sound">
      <div className="sound-strips" role="img" aria-label={t("value.preview")}>
        <SoundStrips samples={sound.samples} />
      </div>
      <figcaption className="sound-bar numbers">
        <button
          type="button"
          className="text-button"
          aria-pressed={listening}
          onClick={() => setListening(!listening)}
        >
          {listening ? (
            <Square className="icon" aria-hidden="true" />
          ) : (
            <AudioLines className="icon" aria-hidden="true" />
          )}
          {t(listening ? "sound.hush" : "sound.listen")}
        </button>
        <span>{t("sound.soFar", { seconds: number(seconds, 1) })}</span>
      </figcaption>
    </figure>
  );
}

/** Play it from where it is known, and go on with each part that comes. */
function useStream(sound: LiveSound, listening: boolean): void {
  const [player, setPlayer] = useState<StreamPlayer | null>(null);
  useEffect(() => {
    if (!listening) return;
    const context = new AudioContext();
    const made = new StreamPlayer(speakerOf(context));
    setPlayer(made);
    return () => {
      made.stop();
      setPlayer(null);
      void context.close();
    };
  }, [listening]);
  useEffect(() => player?.feed(sound), [player, sound]);
}
