/** What a node makes, as it comes out, with the step it is at. */

import { pictureAddress, useNodeLive, useRunId } from "../app/following";
import { number, t } from "../app/i18n";
import { prefix } from "../app/stage";

export function NodePicture({ id, top }: { readonly id: string; readonly top: number }) {
  const live = useNodeLive(id);
  const run = useRunId();
  if (!live || run === null) return null;
  const source = pictureAddress(run, prefix() + id, live) ?? live.url;
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
