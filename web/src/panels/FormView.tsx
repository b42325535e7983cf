/** The graph as a form, for people who never see it: public inputs, one button, the results. */

import { perform } from "../app/commands";
import { useTab } from "../app/desk";
import { useNewestPreview, useRun } from "../app/following";
import { t } from "../app/i18n";
import { FormProgress } from "./FormProgress";
import { PublicFields, usePublicFields } from "./PublicFields";
import { Results } from "./Results";
import { RunButton } from "./RunButton";
import { RunList } from "./RunList";

export function FormView() {
  const name = useTab((tab) => tab.history.doc.name);
  const fields = usePublicFields();
  const run = useRun();
  const preview = useNewestPreview();
  const made = Object.keys(run?.outputs ?? {}).length > 0;
  return (
    <main className="form-view">
      <section className="form-inputs" aria-label={t("form.title")}>
        <h1>{name || t("bar.untitled")}</h1>
        {fields.length === 0 ? <p className="quiet">{t("form.nothing")}</p> : <PublicFields titled />}
        <div className="form-buttons">
          <RunButton />
          <button type="button" className="button" onClick={() => perform("form")}>
            {t("form.back")}
          </button>
        </div>
      </section>
      <div className="form-results">
        <FormProgress />
        {!made && preview && <img className="form-preview" src={preview} alt={t("form.results")} />}
        <Results />
        {!run && <p className="quiet">{t("form.noResult")}</p>}
        <details className="form-history">
          <summary>{t("form.history")}</summary>
          <RunList />
        </details>
      </div>
    </main>
  );
}
