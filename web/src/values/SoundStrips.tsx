/** A sound as it is seen: how far it swings, and below it which tones are in it when. */

import { useEffect, useMemo, useRef } from "react";
import { heat } from "./colours";
import { type Spectrogram, type Swing, spectrogram, swings } from "./sound";

const COLUMNS = 512;
const WINDOW = 512;
const LOUD = 0;
const SILENT = -90;

export function SoundStrips({ samples }: { readonly samples: Float32Array }) {
  const swing = useMemo(() => swings(samples, COLUMNS), [samples]);
  const tones = useMemo(() => spectrogram(samples, WINDOW, COLUMNS), [samples]);
  return (
    <>
      <Waveform swing={swing} />
      <Tones tones={tones} />
    </>
  );
}

function Waveform({ swing: { low, high } }: { readonly swing: Swing }) {
  const path = Array.from(low, (least, x) => {
    const [top, bottom] = [50 - (high[x] ?? 0) * 50, 50 - least * 50];
    return `M${x} ${top.toFixed(1)}V${Math.max(bottom, top + 0.7).toFixed(1)}h1V${top.toFixed(1)}z`;
  }).join("");
  return (
    <svg className="waveform" viewBox={`0 0 ${low.length} 100`} preserveAspectRatio="none" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

function Tones({ tones }: { readonly tones: Spectrogram }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { columns, bins, level } = tones;
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const picture = context.createImageData(columns, bins);
    for (let column = 0; column < columns; column += 1) {
      for (let bin = 0; bin < bins; bin += 1) {
        const part = ((level[column * bins + bin] ?? SILENT) - SILENT) / (LOUD - SILENT);
        picture.data.set([...heat(part), 255], ((bins - 1 - bin) * columns + column) * 4);
      }
    }
    context.putImageData(picture, 0, 0);
  }, [columns, bins, level]);
  return <canvas ref={canvas} className="tones" width={columns} height={bins} />;
}
