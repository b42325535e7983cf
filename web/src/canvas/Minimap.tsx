/** The whole graph in a corner; press or drag to look elsewhere. */

import { useReactFlow, useStore } from "@xyflow/react";
import { type PointerEvent, useEffect, useRef } from "react";
import { runs, useRun, useRunId } from "../app/following";
import { t } from "../app/i18n";
import { prefix, useScene } from "../app/stage";
import type { Box } from "../graph/document";
import { boundsOf } from "../graph/edit/marks";
import { useColours } from "./palette";
import { boxes, type Scene } from "./scene";

const WIDTH = 168;
const HEIGHT = 112;
const AIR = 0.08;

export function Minimap() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const flow = useReactFlow();
  const scene = useScene((now) => now);
  const transform = useStore((state) => state.transform);
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const colours = useColours();
  const id = useRunId();
  const run = useRun();
  const [x, y, zoom] = transform;
  const seen: Box = { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };
  const place = placeOf(scene, seen);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context || run?.id === "") return;
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
    for (const frame of Object.values(scene.frames)) rect(frame, colours.frame);
    for (const node of scene.nodes.values()) {
      const status = id === null ? null : runs.node(id, prefix() + node.id).state.status;
      rect(
        node.box,
        status === "running" ? colours.accent : status === "failed" ? colours.error : colours.line,
      );
    }
    const [left, top] = place.to(seen.x, seen.y);
    context.strokeStyle = colours.text;
    context.lineWidth = 1;
    context.strokeRect(left + 0.5, top + 0.5, seen.width * place.scale - 1, seen.height * place.scale - 1);
  });

  function look(event: PointerEvent<HTMLCanvasElement>) {
    if (event.buttons !== 1) return;
    const bounds = event.currentTarget.getBoundingClientRect();
    const [px, py] = place.back(event.clientX - bounds.left, event.clientY - bounds.top);
    void flow.setCenter(px, py, { zoom });
  }

  return (
    <canvas
      ref={canvas}
      className="minimap nopan nodrag"
      width={WIDTH * devicePixelRatio}
      height={HEIGHT * devicePixelRatio}
      role="img"
      aria-label={t("canvas.minimap")}
      onPointerDown={look}
      onPointerMove={look}
    />
  );
}

/** How the graph and what is seen of it fit into the corner. */
function placeOf(scene: Scene, seen: Box) {
  const bounds = boundsOf([...Object.values(boxes(scene)), seen]) ?? seen;
  const scale = Math.min(WIDTH / bounds.width, HEIGHT / bounds.height) * (1 - AIR);
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
