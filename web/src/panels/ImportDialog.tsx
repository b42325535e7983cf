/** What a dropped file holds, before it is opened; nothing of it runs. */

import { openTab } from "../app/desk";
import { t, tn } from "../app/i18n";
import { useView, view } from "../app/view";
import { withInputs } from "../graph/edit/applied";
import { Dialog } from "../ui/Dialog";

export function ImportDialog() {
  const found = useView((now) => now.imported);
  if (!found) return null;
  const { doc, inputs, kind, file, plan } = found;
  return (
    <Dialog label={t("drop.title", { name: file })}>
      <p>
        {t("drop.holds", { kind, name: doc.name || t("bar.untitled") })}{" "}
        {tn("status.nodes", Object.keys(doc.nodes).length)}. {plan ?? ""}
      </p>
      <Lines title={t("drop.missing")} lines={found.missing} />
      <Lines title={t("drop.refusedNodes")} lines={found.refused} />
      <Lines title={t("problems.title")} lines={found.problems} />
      <p className="quiet">{t("drop.nothingRuns")}</p>
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={close}>
          {t("search.cancel")}
        </button>
        <button
          type="button"
          className="button primary"
          // biome-ignore lint/a11y/noAutofocus: the dialog asks just this
          autoFocus
          onClick={() => {
            close();
            openTab(withInputs(doc, inputs), { changed: true });
          }}
        >
          {t("drop.open")}
        </button>
      </div>
    </Dialog>
  );
}

function Lines({ title, lines }: { readonly title: string; readonly lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ul className="dialog-lines">
        {[...new Set(lines)].map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );
}

function close(): void {
  view.setState({ dialog: null, imported: null });
}
