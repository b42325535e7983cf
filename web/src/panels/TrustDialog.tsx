/** What the graph that is open would touch, for a person who thinks of trusting it. */

import { useTab } from "../app/desk";
import { t } from "../app/i18n";
import { useKnow } from "../app/knowledge";
import { trust } from "../app/trust";
import { view } from "../app/view";
import { reachOf } from "../graph/reach";
import { Dialog } from "../ui/Dialog";
import { ReachList } from "./ReachList";

export function TrustDialog() {
  const know = useKnow();
  const doc = useTab((tab) => tab.history.doc);
  const foreign = useTab((tab) => tab.foreign);
  return (
    <Dialog label={t("trust.title")}>
      {foreign !== null && <p>{t("trust.from", { from: foreign })}</p>}
      <ReachList reach={reachOf(know, doc)} />
      {foreign !== null && (
        <div className="dialog-buttons">
          <button
            type="button"
            className="button primary"
            onClick={() => {
              view.setState({ dialog: null });
              trust();
            }}
          >
            {t("trust.trust")}
          </button>
        </div>
      )}
    </Dialog>
  );
}
