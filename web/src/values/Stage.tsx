/** A frame in which a picture can be zoomed, moved and read pixel by pixel, by pointer and by keyboard. */

import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { pan, place, type Size, type Spot, spotOf, whole, type Zoom, zoomAt } from "./zoom";

export interface Drawing {
  readonly context: CanvasRenderingContext2D;
  readonly frame: Size;
  readonly zoom: Zoom;
}

interface Props {
  readonly picture: Size;
  readonly label: string;
  /** Which pixel is read; kept by the owner, so that two pictures can be read at one place. */
  readonly at: Spot | null;
  readonly onRead: (at: Spot | null) => void;
  readonly paint: (drawing: Drawing) => void;
  readonly onKey?: (event: KeyboardEvent) => boolean;
  /** Takes a drag that begins at a part of the frame's width; then the picture stays. */
  readonly onDrag?: (part: number, begins: boolean) => boolean;
}

const STEP = 1.25;

export function Stage({ picture, label, at, onRead, paint, onKey, onDrag }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useFrame(canvas);
  const [moved, setMoved] = useState<Zoom | null>(null);
  const zoom = moved ?? whole(frame, picture);
  const drag = useRef<"pan" | "own" | null>(null);

  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const ratio = devicePixelRatio;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, frame.width, frame.height);
    context.imageSmoothingEnabled = zoom.scale < 1;
    paint({ context, frame, zoom });
    if (at) cross(context, spotOf(zoom, frame, at), zoom.scale);
  });

  useEffect(() => {
    const element = canvas.current;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const spot = { x: event.offsetX, y: event.offsetY };
      setMoved((now) => zoomAt(now ?? whole(frame, picture), frame, spot, 2 ** (-event.deltaY / 240)));
    };
    element?.addEventListener("wheel", wheel, { passive: false });
    return () => element?.removeEventListener("wheel", wheel);
  }, [frame, picture]);

  const middle = { x: frame.width / 2, y: frame.height / 2 };

  function press(event: PointerEvent<HTMLCanvasElement>) {
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = onDrag?.(event.nativeEvent.offsetX / frame.width, true) ? "own" : "pan";
  }

  function move(event: PointerEvent<HTMLCanvasElement>) {
    const spot = { x: event.nativeEvent.offsetX, y: event.nativeEvent.offsetY };
    if (drag.current === "pan") setMoved(pan(zoom, picture, event.movementX, event.movementY));
    else if (drag.current === "own") onDrag?.(spot.x / frame.width, false);
    else onRead(pixel(place(zoom, frame, spot), picture));
  }

  function type(event: KeyboardEvent) {
    const arrow = ARROWS[event.key];
    if (onKey?.(event)) event.preventDefault();
    else if (arrow) {
      event.preventDefault();
      const by = event.shiftKey ? 10 : 1;
      const from = at ?? { x: zoom.x, y: zoom.y };
      const next = pixel({ x: from.x + arrow.x * by, y: from.y + arrow.y * by }, picture);
      if (next) onRead(next);
    } else if (event.key === "+" || event.key === "=") setMoved(zoomAt(zoom, frame, middle, STEP));
    else if (event.key === "-") setMoved(zoomAt(zoom, frame, middle, 1 / STEP));
    else if (event.key === "0") setMoved(null);
    else if (event.key === "1") setMoved({ ...zoom, scale: 1 });
  }

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard zooms the picture and reads its pixels
    <div className="stage-frame" role="application" tabIndex={0} aria-label={label} onKeyDown={type}>
      <canvas
        ref={canvas}
        width={Math.round(frame.width * devicePixelRatio)}
        height={Math.round(frame.height * devicePixelRatio)}
        onPointerDown={press}
        onPointerMove={move}
        onPointerUp={() => {
          drag.current = null;
        }}
        onPointerLeave={() => onRead(null)}
        onDoubleClick={() => setMoved(moved ? null : { ...zoom, scale: zoom.scale * 4 })}
      />
      <p className="stage-scale numbers" aria-hidden="true">
        {`${Math.round(zoom.scale * 100)} %`}
      </p>
    </div>
  );
}

/** Draw a bitmap where the picture stands. */
export function drawAt(
  { context, frame, zoom }: Drawing,
  bitmap: CanvasImageSource,
  { width, height }: Size,
) {
  const { x, y } = spotOf(zoom, frame, { x: 0, y: 0 });
  context.drawImage(bitmap, x, y, width * zoom.scale, height * zoom.scale);
}

const ARROWS: Readonly<Record<string, Spot>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

function pixel({ x, y }: Spot, { width, height }: Size): Spot | null {
  if (x < 0 || y < 0 || x >= width || y >= height) return null;
  return { x: Math.floor(x), y: Math.floor(y) };
}

/** A frame around the pixel that is read, seen on dark and on light. */
function cross(context: CanvasRenderingContext2D, { x, y }: Spot, scale: number): void {
  const side = Math.max(scale, 5);
  const shift = (scale - side) / 2;
  for (const [colour, grown] of [
    ["#000", 1],
    ["#fff", 0],
  ] as const) {
    context.strokeStyle = colour;
    context.strokeRect(x + shift - grown, y + shift - grown, side + 2 * grown, side + 2 * grown);
  }
}

function useFrame(canvas: React.RefObject<HTMLCanvasElement | null>): Size {
  const [frame, setFrame] = useState<Size>({ width: 1, height: 1 });
  useEffect(() => {
    const box = canvas.current?.parentElement;
    if (!box) return;
    const observer = new ResizeObserver(() =>
      setFrame({ width: Math.max(1, box.clientWidth), height: Math.max(1, box.clientHeight) }),
    );
    observer.observe(box);
    return () => observer.disconnect();
  }, [canvas]);
  return frame;
}
