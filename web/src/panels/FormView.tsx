/** The graph as a form, for people who never see it: public inputs, one button, the results. */

import { type RefObject, useEffect, useRef } from "react";
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
  const results = useShownFrom(run?.id ?? null);
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
      <div className="form-results" ref={results}>
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

/** On a narrow page what a run gives lies below its form: it is shown when a run begins. */
function useShownFrom(run: string | null): RefObject<HTMLDivElement | null> {
  const results = useRef<HTMLDivElement>(null);
  const last = useRef(run);
  useEffect(() => {
    if (run === last.current) return;
    last.current = run;
    if (document.documentElement.dataset.room === "narrow") results.current?.scrollIntoView();
  }, [run]);
  return results;
}
