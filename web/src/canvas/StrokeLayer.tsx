/** Strokes of the right button: with Ctrl (or Cmd) they cut wires, with Alt they wire the node where they begin to where they end. */

import { type MouseEvent, type PointerEvent, type ReactNode, useRef, useState } from "react";
import { joinRow } from "../app/actions/build";
import { cutAcross } from "../app/actions/route";
import { camera } from "../app/camera";
import { useSettings } from "../app/settings";
import { scene } from "../app/stage";
import { view } from "../app/view";
import type { Point } from "../graph/document";
import { nodeAt } from "./nodeAt";
import { shownWires } from "./shownWires";

const RIGHT = 2;
const SLIP = 4;

type Purpose = "cut" | "join";

export function StrokeLayer({ children }: { readonly children: ReactNode }) {
  const [stroke, setStroke] = useState<readonly Point[] | null>(null);
  const purpose = useRef<Purpose | null>(null);

  function begin(event: PointerEvent<HTMLElement>) {
    purpose.current = event.button === RIGHT ? purposeOf(event) : null;
    if (purpose.current === null) return;
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
    if (lengthOf(whole) <= SLIP) return;
    if (purpose.current === "cut") cut(whole);
    else joinEnds(whole);
  }

  /** On some systems the menu comes with the press, on others with the release. */
  function refuse(event: MouseEvent) {
    if (purpose.current === null) return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div
      className="stroke-layer"
      onPointerDownCapture={begin}
      onPointerMove={draw}
      onPointerUp={end}
      onPointerCancel={() => setStroke(null)}
      onContextMenuCapture={refuse}
    >
      {children}
      {stroke && <Stroke points={stroke} purpose={purpose.current} />}
    </div>
  );
}

function Stroke({
  points,
  purpose,
}: {
  readonly points: readonly Point[];
  readonly purpose: Purpose | null;
}) {
  const ends = points.length > 1 ? [points[0], points.at(-1)].flatMap((end) => end ?? []) : [];
  const line = purpose === "cut" ? points : ends;
  return (
    <svg className={`stroke ${purpose}`} aria-hidden="true">
      <polyline points={line.map(({ x, y }) => `${x},${y}`).join(" ")} />
    </svg>
  );
}

function cut(stroke: readonly Point[]): void {
  const way = stroke.flatMap((point) => camera()?.toGraph(point) ?? []);
  const { chosen, chosenWires } = view.getState();
  const which = useSettings.getState().shownWires;
  cutAcross(way, shownWires(scene().wires, which, chosen, chosenWires));
}

function joinEnds(stroke: readonly Point[]): void {
  const [from, to] = [stroke[0], stroke.at(-1)].map((end) => end && nodeAt(end));
  if (from && to && from !== to) joinRow([from, to]);
}

function purposeOf({ altKey, ctrlKey, metaKey }: PointerEvent): Purpose | null {
  if (altKey) return "join";
  return ctrlKey || metaKey ? "cut" : null;
}

function pointOf(event: PointerEvent): Point {
  return { x: event.clientX, y: event.clientY };
}

function lengthOf(stroke: readonly Point[]): number {
  const [first, last] = [stroke[0], stroke.at(-1)];
  return first && last ? Math.hypot(last.x - first.x, last.y - first.y) : 0;
}
