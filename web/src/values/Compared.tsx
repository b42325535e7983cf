/** Two pictures compared: by a slider between them, by flicker, or by how far their pixels are apart. */

import {
  type Dispatch,
  type KeyboardEvent,
  type ReactNode,
  type SetStateAction,
  useEffect,
  useMemo,
  useState,
} from "react";
import { number, t } from "../app/i18n";
import { LookTools } from "./LookTools";
import { painted } from "./paint";
import { Reading } from "./Reading";
import { difference, type Look, type Raster, rangeOf } from "./raster";
import { type Drawing, drawAt, Stage } from "./Stage";
import { type Spot, spotOf } from "./zoom";

const MODES = ["slide", "flicker", "difference"] as const;
type Mode = (typeof MODES)[number];

const FLICKER_MS = 500;
const GRIP = 0.015;

interface Props {
  readonly left: Raster;
  readonly right: Raster;
  readonly children: ReactNode;
}

export function Compared({ left, right, children }: Props) {
  const [mode, setMode] = useState<Mode>("slide");
  const [part, setPart] = useState(0.5);
  const [second, setSecond] = useState(false);
  const [alone, setAlone] = useState(false);
  const [look, setLook] = useState<Look>({ channel: null, stops: 0 });
  const [spot, setSpot] = useState<Spot | null>(null);
  const apart = useMemo(() => difference(left, right), [left, right]);
  const drawn = useMemo(
    () => [left, right, apart].map((raster) => raster && painted(raster, look, rangeOf(raster, null, true))),
    [left, right, apart, look],
  );
  useFlicker(mode === "flicker" && alone, setSecond);

  function paint(drawing: Drawing) {
    const [first, other, both] = drawn;
    const top = mode === "difference" ? both : mode === "flicker" && second ? other : first;
    if (top) drawAt(drawing, top, left);
    if (mode === "slide" && other) wipe(drawing, other, left, part);
  }

  function type({ key }: KeyboardEvent): boolean {
    if (key !== " " || mode !== "flicker") return false;
    setSecond(!second);
    return true;
  }

  function drag(at: number, begins: boolean): boolean {
    if (mode !== "slide" || (begins && Math.abs(at - part) > GRIP)) return false;
    setPart(Math.min(1, Math.max(0, at)));
    return true;
  }

  return (
    <>
      <Stage
        picture={left}
        label={t("compare.title")}
        at={spot}
        onRead={setSpot}
        paint={paint}
        onKey={type}
        onDrag={drag}
      />
      <aside className="look-side">
        {children}
        <Modes mode={mode} onMode={setMode} />
        {mode === "slide" && <Slider part={part} onPart={setPart} />}
        {mode === "flicker" && (
          <Flicker second={second} onSecond={setSecond} alone={alone} onAlone={setAlone} />
        )}
        {mode === "difference" && (
          <p className="quiet">{apart ? t("compare.most", { most: most(apart) }) : t("compare.sizes")}</p>
        )}
        <LookTools look={look} onLook={setLook} channels={left.planes.length} coloured />
        <Reading at={spot} picture={left} raster={left} name={t("compare.left")} />
        <Reading at={spot} picture={left} raster={right} name={t("compare.right")} />
      </aside>
    </>
  );
}

function Modes({ mode, onMode }: { readonly mode: Mode; readonly onMode: (mode: Mode) => void }) {
  return (
    <div className="segments" role="tablist" aria-label={t("compare.how")}>
      {MODES.map((one) => (
        <button key={one} type="button" role="tab" aria-selected={one === mode} onClick={() => onMode(one)}>
          {t(`compare.${one}`)}
        </button>
      ))}
    </div>
  );
}

function Slider({ part, onPart }: { readonly part: number; readonly onPart: (part: number) => void }) {
  return (
    <input
      type="range"
      min={0}
      max={1}
      step={0.01}
      value={part}
      aria-label={t("compare.slider")}
      onChange={({ currentTarget }) => onPart(Number(currentTarget.value))}
    />
  );
}

interface FlickerProps {
  readonly second: boolean;
  readonly onSecond: (second: boolean) => void;
  readonly alone: boolean;
  readonly onAlone: (alone: boolean) => void;
}

function Flicker({ second, onSecond, alone, onAlone }: FlickerProps) {
  return (
    <div className="compare-flicker">
      <button type="button" className="button" aria-pressed={second} onClick={() => onSecond(!second)}>
        {t(second ? "compare.right" : "compare.left")}
      </button>
      <label>
        <input
          type="checkbox"
          checked={alone}
          onChange={({ currentTarget }) => onAlone(currentTarget.checked)}
        />
        {t("compare.alone")}
      </label>
    </div>
  );
}

/** Show one picture and the other in turn, without a hand. */
function useFlicker(runs: boolean, setSecond: Dispatch<SetStateAction<boolean>>): void {
  useEffect(() => {
    if (!runs) return;
    const timer = setInterval(() => setSecond((now) => !now), FLICKER_MS);
    return () => clearInterval(timer);
  }, [runs, setSecond]);
}

/** The right picture from the line on, over the left one. */
function wipe(drawing: Drawing, other: CanvasImageSource, size: Raster, part: number): void {
  const { context, frame, zoom } = drawing;
  const line = part * frame.width;
  const { x } = spotOf(zoom, frame, { x: 0, y: 0 });
  context.save();
  context.beginPath();
  context.rect(Math.max(line, x), 0, frame.width, frame.height);
  context.clip();
  context.clearRect(0, 0, frame.width, frame.height);
  drawAt(drawing, other, size);
  context.restore();
  context.fillStyle = "#000";
  context.fillRect(line - 1.5, 0, 3, frame.height);
  context.fillStyle = "#fff";
  context.fillRect(line - 0.5, 0, 1, frame.height);
}

function most({ planes }: Raster): string {
  let top = 0;
  for (const plane of planes) for (const value of plane) if (value > top) top = value;
  return number(top, 4);
}
