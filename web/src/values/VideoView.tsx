/** A film, frame by frame: scrubbed by pointer or by keyboard, played, and its length in frames. */

import { ChevronLeft, ChevronRight } from "lucide-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import { askBytes } from "../api/http";
import { number, t } from "../app/i18n";
import { frameAt, frameCount, timeOf } from "./frames";
import { BarButton, PlayButton, steer } from "./Playing";
import { useFileUrl } from "./useFileUrl";
import { useLoaded } from "./useLoaded";

interface Props {
  readonly source: string;
  readonly label: string;
  /** As the value says; 25 where it does not. */
  readonly fps: number | null;
}

const USUAL = 25;
const FAR = 10;

/** The whole film is fetched: any frame can be sought then, which a stream without ranges does not allow. */
export function VideoView({ source, label, fps }: Props) {
  const loaded = useLoaded(source, async () => new Blob([await askBytes(source)], { type: "video/mp4" }));
  if (loaded.at === "here") return <Film file={loaded.value} label={label} fps={fps} />;
  return <p className="quiet">{t(loaded.at === "loading" ? "value.loading" : "film.unreadable")}</p>;
}

function Film({ file, label, fps }: Omit<Props, "source"> & { readonly file: Blob }) {
  const url = useFileUrl(file);
  const video = useRef<HTMLVideoElement>(null);
  const [seconds, setSeconds] = useState(0);
  const [playing, setPlaying] = useState(false);
  const [bad, setBad] = useState(false);
  const rate = fps ?? USUAL;
  const count = frameCount(seconds, rate);
  const [frame, setFrame] = useState(0);
  useFrames(video, playing, (time) => setFrame(frameAt(time, rate, count)));

  function go(to: number) {
    const next = Math.min(count - 1, Math.max(0, to));
    video.current?.pause();
    if (video.current) video.current.currentTime = timeOf(next, rate);
    setFrame(next);
  }

  function toggle() {
    if (playing) video.current?.pause();
    else void video.current?.play();
  }

  if (bad) return <p className="quiet">{t("film.unreadable")}</p>;
  const place = t("film.place", { at: frame + 1, all: count, seconds: number(frame / rate, 2) });
  return (
    <figure className="film">
      <video
        ref={video}
        className="value-media"
        src={url}
        muted
        loop
        playsInline
        preload="auto"
        aria-label={label}
        onLoadedMetadata={({ currentTarget }) => setSeconds(currentTarget.duration)}
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onError={() => setBad(true)}
      />
      <input
        type="range"
        min={0}
        max={count - 1}
        value={frame}
        aria-label={t("film.scrub")}
        aria-valuetext={place}
        onKeyDown={(event) => steer(event, { at: frame, end: count - 1, step: 1, far: FAR, go, toggle })}
        onChange={({ currentTarget }) => go(Number(currentTarget.value))}
      />
      <figcaption className="sound-bar numbers">
        <PlayButton playing={playing} onToggle={toggle} />
        <BarButton label={t("film.back")} disabled={frame === 0} onClick={() => go(frame - 1)}>
          <ChevronLeft className="icon" />
        </BarButton>
        <BarButton label={t("film.on")} disabled={frame === count - 1} onClick={() => go(frame + 1)}>
          <ChevronRight className="icon" />
        </BarButton>
        <span>{place}</span>
      </figcaption>
    </figure>
  );
}

/** Follow the film frame by frame while it plays. */
function useFrames(
  video: RefObject<HTMLVideoElement | null>,
  playing: boolean,
  onTime: (seconds: number) => void,
): void {
  const told = useRef(onTime);
  told.current = onTime;
  useEffect(() => {
    const { current } = video;
    if (!playing || !current) return;
    let wanted = current.requestVideoFrameCallback(follow);
    function follow(_: number, { mediaTime }: VideoFrameCallbackMetadata) {
      told.current(mediaTime);
      if (current) wanted = current.requestVideoFrameCallback(follow);
    }
    return () => current.cancelVideoFrameCallback(wanted);
  }, [video, playing]);
}
