/** What a node makes, as it comes out, with the step it is at. */

import { useNodeLive } from "../app/following";
import { number, t } from "../app/i18n";

export function NodePicture({ id, top }: { readonly id: string; readonly top: number }) {
  const live = useNodeLive(id);
  if (!live?.url) return null;
  const { progress } = live;
  const words = progress && [
    t("run.step", { step: progress.step }),
    progress.rate == null ? "" : t("run.rate", { rate: number(progress.rate, 1) }),
    progress.left == null ? "" : t("run.left", { seconds: number(progress.left, 1) }),
  ];
  return (
    <figure className="node-picture" style={{ top }}>
      <img src={live.url} alt="" draggable={false} />
      {words && <figcaption className="numbers">{words.filter(Boolean).join(" · ")}</figcaption>}
    </figure>
  );
}
