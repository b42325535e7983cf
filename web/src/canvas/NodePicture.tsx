/** What a node makes, as it comes out, with the step it is at; until then what it made last. */

import { useRef } from "react";
import { pictureAddress, useNodeLive, useRunId } from "../app/following";
import { number, t } from "../app/i18n";
import { prefix } from "../app/stage";

export function NodePicture({ id, top }: { readonly id: string; readonly top: number }) {
  const live = useNodeLive(id);
  const run = useRunId();
  const last = useRef<string | null>(null);
  if (!live || run === null) return null;
  const made = pictureAddress(run, prefix() + id, live);
  const source = made ?? live.url ?? last.current;
  if (made !== null) last.current = made;
  if (source === null) return null;
  const { progress } = live;
  const words = progress && [
    t("run.step", { step: progress.step }),
    progress.rate == null ? "" : t("run.rate", { rate: number(progress.rate, 1) }),
    progress.left == null ? "" : t("run.left", { seconds: number(progress.left, 1) }),
  ];
  return (
    <figure className="node-picture" style={{ top }}>
      <img src={source} alt="" draggable={false} />
      {words && <figcaption className="numbers">{words.filter(Boolean).join(" · ")}</figcaption>}
    </figure>
  );
}
