/** The pin of a node in the inspector: what it means, and the way in and out. */

import { pin } from "../app/actions/pin";
import { t } from "../app/i18n";
import type { SceneNode } from "../canvas/scene";

export function Pinning({ node }: { readonly node: SceneNode }) {
  return (
    <section className="passing">
      <h2>{t("pin.title")}</h2>
      <p className="quiet">{t("pin.hint")}</p>
      <button type="button" className="button" onClick={() => pin([node.id])}>
        {t("pin.unpin")}
      </button>
    </section>
  );
}
