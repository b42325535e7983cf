/** Cut wires by a stroke: drag with Ctrl (or Cmd) and the right button across them. */

import { type MouseEvent, type PointerEvent, type ReactNode, useRef, useState } from "react";
import { cutAcross } from "../app/actions/route";
import { camera } from "../app/camera";
import { useSettings } from "../app/settings";
import { scene } from "../app/stage";
import { view } from "../app/view";
import type { Point } from "../graph/document";
import { shownWires } from "./shownWires";

const RIGHT = 2;
const SLIP = 4;

export function CutLayer({ children }: { readonly children: ReactNode }) {
  const [stroke, setStroke] = useState<readonly Point[] | null>(null);
  const cutting = useRef(false);

  function begin(event: PointerEvent<HTMLElement>) {
    cutting.current = event.button === RIGHT && (event.ctrlKey || event.metaKey);
    if (!cutting.current) return;
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    setStroke([pointOf(event)]);
  }

  function draw(event: PointerEvent) {
    if (stroke) setStroke([...stroke, pointOf(event)]);
  }

  function end(event: PointerEvent) {
    if (!stroke) return;
    setStroke(null);
    const whole = [...stroke, pointOf(event)];
    if (lengthOf(whole) > SLIP) cut(whole);
  }

  /** On some systems the menu comes with the press, on others with the release. */
  function refuse(event: MouseEvent) {
    if (!cutting.current) return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div
      className="cut-layer"
      onPointerDownCapture={begin}
      onPointerMove={draw}
      onPointerUp={end}
      onPointerCancel={() => setStroke(null)}
      onContextMenuCapture={refuse}
    >
      {children}
      {stroke && <Stroke points={stroke} />}
    </div>
  );
}

function Stroke({ points }: { readonly points: readonly Point[] }) {
  return (
    <svg className="cut-stroke" aria-hidden="true">
      <polyline points={points.map(({ x, y }) => `${x},${y}`).join(" ")} />
    </svg>
  );
}

function cut(stroke: readonly Point[]): void {
  const way = stroke.flatMap((point) => camera()?.toGraph(point) ?? []);
  const { chosen, chosenWires } = view.getState();
  const which = useSettings.getState().shownWires;
  cutAcross(way, shownWires(scene().wires, which, chosen, chosenWires));
}

function pointOf(event: PointerEvent): Point {
  return { x: event.clientX, y: event.clientY };
}

function lengthOf(stroke: readonly Point[]): number {
  const [first, last] = [stroke[0], stroke.at(-1)];
  return first && last ? Math.hypot(last.x - first.x, last.y - first.y) : 0;
}
