/** Sound: its waveform and its spectrogram, to be heard from any place. */

import { type PointerEvent, useEffect, useRef, useState } from "react";
import { askBytes } from "../api/http";
import { number, t } from "../app/i18n";
import { PlayButton, steer } from "./Playing";
import { SoundStrips } from "./SoundStrips";
import { mixed, rateOf } from "./sound";
import { useFileUrl } from "./useFileUrl";
import { useLoaded } from "./useLoaded";

interface Props {
  readonly source: string;
  readonly label: string;
}

interface Sound {
  readonly samples: Float32Array;
  readonly seconds: number;
  readonly rate: number;
  readonly channels: number;
  readonly file: Blob;
}

export function AudioView({ source, label }: Props) {
  const loaded = useLoaded(source, () => soundOf(source));
  if (loaded.at === "here") return <Player sound={loaded.value} label={label} />;
  return <p className="quiet">{t(loaded.at === "loading" ? "value.loading" : "sound.unreadable")}</p>;
}

async function soundOf(source: string): Promise<Sound> {
  const bytes = await askBytes(source);
  const rate = rateOf(bytes);
  const file = new Blob([bytes], { type: "audio/wav" });
  const decoded = await new OfflineAudioContext(1, 1, rate).decodeAudioData(bytes);
  const channels = Array.from({ length: decoded.numberOfChannels }, (_, at) => decoded.getChannelData(at));
  return { samples: mixed(channels), seconds: decoded.duration, rate, channels: channels.length, file };
}

const STEP = 0.1;
const FAR = 1;

function Player({ sound, label }: { readonly sound: Sound; readonly label: string }) {
  const audio = useRef<HTMLAudioElement>(null);
  const [at, setAt] = useState(0);
  const [playing, setPlaying] = useState(false);
  const url = useFileUrl(sound.file);
  useHead(audio, playing, setAt);

  function go(seconds: number) {
    const to = Math.min(sound.seconds, Math.max(0, seconds));
    if (audio.current) audio.current.currentTime = to;
    setAt(to);
  }

  function toggle() {
    if (playing) audio.current?.pause();
    else void audio.current?.play();
  }

  function scrub(event: PointerEvent<HTMLElement>) {
    if (event.buttons !== 1) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const { left, width } = event.currentTarget.getBoundingClientRect();
    go(((event.clientX - left) / width) * sound.seconds);
  }

  const place = t("sound.place", { at: number(at, 2), all: number(sound.seconds, 2) });
  return (
    <figure className="sound">
      {/* biome-ignore lint/a11y/useMediaCaption: what a model made has no captions */}
      <audio
        ref={audio}
        src={url}
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => setPlaying(false)}
      />
      <div
        className="sound-strips"
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={sound.seconds}
        aria-valuenow={at}
        aria-valuetext={place}
        onKeyDown={(event) => steer(event, { at, end: sound.seconds, step: STEP, far: FAR, go, toggle })}
        onPointerDown={scrub}
        onPointerMove={scrub}
      >
        <SoundStrips samples={sound.samples} />
        <span className="sound-head" style={{ left: `${(at / sound.seconds) * 100}%` }} />
      </div>
      <figcaption className="sound-bar numbers">
        <PlayButton playing={playing} onToggle={toggle} />
        <span>{place}</span>
        <span className="quiet">
          {t("sound.facts", {
            rate: number(sound.rate),
            channels: sound.channels,
            top: number(sound.rate / 2000, 1),
          })}
        </span>
      </figcaption>
    </figure>
  );
}

/** Follow the sound frame by frame while it plays. */
function useHead(
  audio: React.RefObject<HTMLAudioElement | null>,
  playing: boolean,
  onAt: (seconds: number) => void,
): void {
  useEffect(() => {
    if (!playing) return;
    let frame = 0;
    const follow = () => {
      onAt(audio.current?.currentTime ?? 0);
      frame = requestAnimationFrame(follow);
    };
    follow();
    return () => cancelAnimationFrame(frame);
  }, [audio, playing, onAt]);
}
