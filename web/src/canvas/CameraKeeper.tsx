/** Lets commands move the canvas, and shows all of a graph when it is opened. */

import { useReactFlow, useStoreApi } from "@xyflow/react";
import { useEffect } from "react";
import { type Camera, fitAll, lookAt, setCamera } from "../app/camera";
import { useTab } from "../app/desk";
import { scale } from "../app/scale";
import { useScene } from "../app/stage";
import { view } from "../app/view";
import type { Bookmark } from "../graph/document";
import { FAR } from "./far";
import type { Shown, ShownWire } from "./toFlow";

const PADDING = 48;

export function CameraKeeper() {
  const flow = useReactFlow<Shown, ShownWire>();
  const store = useStoreApi();
  const place = useTab((tab) => `${tab.id} ${tab.path.join("/")}`);
  const empty = useScene((scene) => scene.nodes.size === 0);

  useEffect(() => {
    const look = ({ x, y, zoom }: Bookmark, animate: boolean) => {
      const { width, height } = store.getState();
      const viewport = { x: width / 2 - x * zoom, y: height / 2 - y * zoom, zoom };
      leap(
        zoom,
        () => void flow.setViewport(viewport, animate && zoom >= FAR && !still() ? { duration: 160 } : {}),
      );
    };
    const camera: Camera = {
      show(box, animate) {
        const { width, height } = store.getState();
        const zoom = Math.min(
          (width - 2 * PADDING) / box.width,
          (height - 2 * PADDING) / box.height,
          scale(),
        );
        look({ x: box.x + box.width / 2, y: box.y + box.height / 2, zoom: Math.max(zoom, 0.03) }, animate);
      },
      goTo: (bookmark) => look(bookmark, true),
      zoom: () => store.getState().transform[2],
      zoomBy: (factor) => void flow.zoomTo(flow.getZoom() * factor),
      zoomTo: (zoom) => leap(zoom, () => void flow.zoomTo(zoom)),
      toGraph: (point) => flow.screenToFlowPosition(point, { snapToGrid: false }),
      toScreen: (point) => flow.flowToScreenPosition(point),
      middle() {
        const { width, height, transform } = store.getState();
        return {
          x: (width / 2 - transform[0]) / transform[2],
          y: (height / 2 - transform[1]) / transform[2],
        };
      },
    };
    setCamera(camera);
    return () => setCamera(null);
  }, [flow, store]);

  useEffect(() => {
    if (place && !empty) requestAnimationFrame(arrive);
  }, [place, empty]);

  return null;
}

/** Show all of a level that was just opened, or what is sought in it. */
function arrive(): void {
  const { seek } = view.getState();
  if (seek === null) fitAll(false);
  else lookAt(seek);
  view.setState({ seek: null });
}

/** Move to a zoom; to one from afar only after the nodes are gone. */
function leap(zoom: number, move: () => void): void {
  if (zoom >= FAR) {
    move();
    return;
  }
  view.setState({ leaping: true });
  requestAnimationFrame(() => {
    move();
    requestAnimationFrame(() => view.setState({ leaping: false }));
  });
}

function still(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
