/** The edge of a panel: dragged, or moved by arrow keys, it makes the panel wider; a double click gives the usual width. */

import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { scale } from "../app/scale";

interface Props {
  readonly label: string;
  readonly side: "left" | "right";
  readonly width: number;
  readonly usual: number;
  readonly onWidth: (width: number) => void;
}

const LEAST = 160;
const MOST = 640;
const STEP = 16;

export function Resizer({ label, side, width, usual, onWidth }: Props) {
  const drag = useRef<{ readonly x: number; readonly width: number } | null>(null);
  const sign = side === "left" ? 1 : -1;
  const set = (next: number) => onWidth(Math.round(Math.min(MOST, Math.max(LEAST, next))));

  function move(event: PointerEvent) {
    if (drag.current) set(drag.current.width + (sign * (event.clientX - drag.current.x)) / scale());
  }

  function key(event: KeyboardEvent) {
    const way = { ArrowLeft: -sign, ArrowRight: sign }[event.key];
    if (way === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    set(width + way * STEP);
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that is moved has a value, an <hr> has none
    <div
      className={`resizer ${side}`}
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      tabIndex={0}
      onKeyDown={key}
      onDoubleClick={() => onWidth(usual)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { x: event.clientX, width };
      }}
      onPointerMove={move}
      onPointerUp={() => {
        drag.current = null;
      }}
    />
  );
}
