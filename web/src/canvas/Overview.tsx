/** The graph from afar: one canvas draws boxes and wires, and finds what is clicked. */

import { useStore } from "@xyflow/react";
import { useEffect, useMemo, useRef } from "react";
import { camera } from "../app/camera";
import { runs, useRun, useRunId } from "../app/following";
import { useHeats } from "../app/heat";
import { useSettings } from "../app/settings";
import { prefix, useScene } from "../app/stage";
import { choose, useView } from "../app/view";
import { drawOverview } from "./drawOverview";
import { Grid } from "./grid";
import { useColours } from "./palette";
import type { SceneNode } from "./scene";
import { shownWires } from "./shownWires";
import { useThumbnails } from "./useThumbnails";

export function Overview() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const transform = useStore((state) => state.transform);
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const scene = useScene((now) => now);
  const chosen = useView((now) => now.chosen);
  const chosenWires = useView((now) => now.chosenWires);
  const which = useSettings((now) => now.shownWires);
  const style = useSettings((now) => now.wireStyle);
  const wires = useMemo(
    () => shownWires(scene.wires, which, chosen, chosenWires),
    [scene, which, chosen, chosenWires],
  );
  const colours = useColours();
  const id = useRunId();
  const run = useRun();
  const shares = useHeats((now) => now.shares);
  const thumbnails = useThumbnails(scene, id, run);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) return;
    const ratio = devicePixelRatio;
    element.width = width * ratio;
    element.height = height * ratio;
    context.scale(ratio, ratio);
    const status = (node: string) => (id === null ? null : runs.node(id, prefix() + node).state.status);
    const seen: string[] = [];
    const thumbnail = (node: SceneNode) => {
      const where = thumbnails.addressOf(node);
      if (where !== null) seen.push(where);
      return where === null ? null : thumbnails.at(where);
    };
    drawOverview(context, {
      scene,
      wires,
      style,
      chosen,
      transform,
      width,
      height,
      colours,
      status,
      thumbnail,
      run,
      heat: (node) => shares.get(prefix() + node) ?? null,
    });
    thumbnails.rest(seen);
  }, [scene, wires, style, chosen, transform, width, height, colours, id, run, thumbnails, shares]);

  useEffect(() => {
    const pane = canvas.current?.closest(".react-flow");
    const grid = new Grid(scene);
    const click = (event: Event) => {
      if (
        !(event instanceof MouseEvent) ||
        !(event.target instanceof Element) ||
        !event.target.matches(".react-flow__pane")
      )
        return;
      const at = camera()?.toGraph({ x: event.clientX, y: event.clientY });
      const hit = at && grid.at(at);
      if (hit) queueMicrotask(() => choose([hit]));
    };
    pane?.addEventListener("click", click);
    return () => pane?.removeEventListener("click", click);
  }, [scene]);

  return <canvas ref={canvas} className="overview" />;
}
