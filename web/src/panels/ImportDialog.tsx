/** A graph from elsewhere before it is opened: what it holds and what it would touch; nothing of it runs. */

import { pastePart } from "../app/actions/arrange";
import { markForeign } from "../app/desk";
import { t, tn } from "../app/i18n";
import { useKnow } from "../app/knowledge";
import { openArrived } from "../app/receiving";
import { type Arrived, useView, view } from "../app/view";
import { withInputs } from "../graph/edit/applied";
import { reachOf } from "../graph/reach";
import { Dialog } from "../ui/Dialog";
import { NamedLines } from "./NamedLines";
import { ReachList } from "./ReachList";

export function ImportDialog() {
  const found = useView((now) => now.imported);
  const know = useKnow();
  if (!found) return null;
  const { doc, inputs, kind, file, plan } = found;
  return (
    <Dialog label={t("drop.title", { name: file })}>
      <p>
        {t("drop.holds", { kind, name: doc.name || t("bar.untitled") })}{" "}
        {tn("status.nodes", Object.keys(doc.nodes).length)}
        {plan === null ? "." : ` (${plan}).`}
      </p>
      <ReachList reach={reachOf(know, withInputs(doc, inputs))} />
      <NamedLines title={t("drop.refusedNodes")} lines={found.refused} />
      <NamedLines title={t("problems.title")} lines={found.problems} />
      <p className="quiet dialog-foot">{t("drop.nothingRuns")}</p>
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={close}>
          {t("bar.cancel")}
        </button>
        {found.pasted !== null && (
          <button type="button" className="button" onClick={() => insert(found)}>
            {t("drop.insert")}
          </button>
        )}
        <button
          type="button"
          className="button primary"
          // biome-ignore lint/a11y/noAutofocus: the dialog asks just this
          autoFocus
          onClick={() => {
            close();
            openArrived(found);
          }}
        >
          {t("drop.open")}
        </button>
      </div>
    </Dialog>
  );
}

/** Into the graph that is open: that is then as foreign as what came in. */
function insert({ doc, inputs, file, pasted }: Arrived): void {
  close();
  markForeign(file);
  pastePart(withInputs(doc, inputs), pasted ?? "drop");
}

function close(): void {
  view.setState({ dialog: null, imported: null });
}
