/** What a node makes, as it comes out, with the step it is at; until then what it made last. */

import { type MouseEvent, useRef } from "react";
import { pictureOfNode } from "../app/actions/look";
import { pictureAddress, useNodeLive, useRunId } from "../app/following";
import { number, t } from "../app/i18n";
import { prefix } from "../app/stage";
import { lookAt } from "../values/looking";

function open(event: MouseEvent, run: string, id: string): void {
  const ref = pictureOfNode(run, id);
  if (!ref) return;
  event.stopPropagation();
  lookAt([ref]);
}

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
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the key V and the inspector do the same */}
      <img src={source} alt="" draggable={false} onDoubleClick={(event) => open(event, run, id)} />
      {words && <figcaption className="numbers">{words.filter(Boolean).join(" · ")}</figcaption>}
    </figure>
  );
}
