/** The thumbnails of the run that is shown: loaded while the canvas rests, drawn when they are here. */

import { useEffect, useMemo, useReducer, useRef } from "react";
import { askBytes } from "../api/http";
import type { Run } from "../api/types";
import { pictureLink, runs } from "../app/following";
import { prefix } from "../app/stage";
import { address } from "../values/summary";
import type { Scene, SceneNode } from "./scene";
import { Thumbnails } from "./thumbnails";

const REST_MS = 150;
const SIDE = 128;

export interface Shown {
  /** Changes when pictures have come. */
  readonly version: number;
  /** What a node shows; null where it made no picture. */
  addressOf(node: SceneNode): string | null;
  at(address: string): ImageBitmap | null;
  /** Load what was seen, once nothing has been drawn for a while. */
  rest(seen: readonly string[]): void;
}

export function useThumbnails(scene: Scene, id: string | null, run: Run | null): Shown {
  const [version, drawAgain] = useReducer((count: number) => count + 1, 0);
  const frame = useRef(0);
  const timer = useRef(0);
  const thumbnails = useMemo(
    () =>
      new Thumbnails(load, () => {
        cancelAnimationFrame(frame.current);
        frame.current = requestAnimationFrame(drawAgain);
      }),
    [],
  );
  useEffect(
    () => () => {
      cancelAnimationFrame(frame.current);
      clearTimeout(timer.current);
      thumbnails.clear();
    },
    [thumbnails],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the run says when a node may have made another picture
  const known = useMemo(() => new Map<string, string | null>(), [scene, id, run]);
  return useMemo(
    () => ({
      version,
      addressOf(node) {
        const found = known.get(node.id);
        const made = found === undefined ? addressOf(id, node.id) : found;
        known.set(node.id, made);
        return made;
      },
      at: (where) => thumbnails.at(where),
      rest(seen) {
        clearTimeout(timer.current);
        timer.current = window.setTimeout(() => thumbnails.want(seen), REST_MS);
      },
    }),
    [version, known, id, thumbnails],
  );
}

function addressOf(run: string | null, id: string): string | null {
  if (run === null) return null;
  const node = prefix() + id;
  const link = pictureLink(node, runs.node(run, node));
  return link === null ? null : address(run, link, "thumbnail");
}

async function load(where: string): Promise<ImageBitmap> {
  const bytes = await askBytes(where);
  return createImageBitmap(new Blob([bytes]), { resizeHeight: SIDE, resizeQuality: "medium" });
}
