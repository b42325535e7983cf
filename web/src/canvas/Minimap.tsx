/** The whole graph in a corner; press or drag to look elsewhere. */

import { useReactFlow, useStore } from "@xyflow/react";
import { type PointerEvent, useEffect, useMemo, useRef } from "react";
import { runs, useRun, useRunId } from "../app/following";
import { t } from "../app/i18n";
import { prefix, useScene } from "../app/stage";
import type { Box } from "../graph/document";
import { boundsOf } from "../graph/edit/marks";
import { useColours } from "./palette";
import { boxes, type Scene } from "./scene";

const WIDTH = 168;
const HEIGHT = 112;
const AIR = 0.2;
const FRAMED = 0.3;

export function Minimap() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const flow = useReactFlow();
  const scene = useScene((now) => now);
  const colours = useColours();
  const id = useRunId();
  const run = useRun();
  const place = useMemo(() => placeOf(scene), [scene]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the run says when a node's state may have changed
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, WIDTH, HEIGHT);
    const rect = (box: Box, colour: string) => {
      context.fillStyle = colour;
      const [left, top] = place.to(box.x, box.y);
      context.fillRect(
        left,
        top,
        Math.max(1, box.width * place.scale),
        Math.max(1, box.height * place.scale),
      );
    };
    const inside = prefix();
    context.globalAlpha = FRAMED;
    for (const frame of Object.values(scene.frames)) rect(frame, colours.mark(frame.colour) ?? colours.line);
    context.globalAlpha = 1;
    for (const node of scene.nodes.values()) {
      const status = id === null ? null : runs.node(id, inside + node.id).state.status;
      rect(
        node.box,
        status === "running" ? colours.accent : status === "failed" ? colours.error : colours.line,
      );
    }
  }, [scene, place, colours, id, run]);

  function look(event: PointerEvent<HTMLCanvasElement>) {
    if (event.buttons !== 1) return;
    const bounds = event.currentTarget.getBoundingClientRect();
    const [px, py] = place.back(event.clientX - bounds.left, event.clientY - bounds.top);
    void flow.setCenter(px, py, { zoom: flow.getZoom() });
  }

  return (
    <div className="minimap nopan nodrag">
      <canvas
        ref={canvas}
        width={WIDTH * devicePixelRatio}
        height={HEIGHT * devicePixelRatio}
        role="img"
        aria-label={t("canvas.minimap")}
        onPointerDown={look}
        onPointerMove={look}
      />
      <Seen place={place} />
    </div>
  );
}

type Place = ReturnType<typeof placeOf>;

/** What is seen now: only this moves while the canvas is panned. */
function Seen({ place }: { readonly place: Place }) {
  const [x, y, zoom] = useStore((state) => state.transform);
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const [left, top] = place.to(-x / zoom, -y / zoom);
  const size = { width: (width / zoom) * place.scale, height: (height / zoom) * place.scale };
  return <span className="minimap-seen" style={{ ...size, transform: `translate(${left}px, ${top}px)` }} />;
}

/** How the graph fits into the corner. */
function placeOf(scene: Scene) {
  const bounds = boundsOf(Object.values(boxes(scene))) ?? { x: 0, y: 0, width: 1200, height: 800 };
  const scale = Math.min(WIDTH / bounds.width, HEIGHT / bounds.height, 0.12) * (1 - AIR);
  const left = (WIDTH - bounds.width * scale) / 2;
  const top = (HEIGHT - bounds.height * scale) / 2;
  return {
    scale,
    to: (x: number, y: number): [number, number] => [
      (x - bounds.x) * scale + left,
      (y - bounds.y) * scale + top,
    ],
    back: (x: number, y: number): [number, number] => [
      (x - left) / scale + bounds.x,
      (y - top) / scale + bounds.y,
    ],
  };
}
