/** The graph itself in the inspector, when no node is chosen: its name and its public inputs. */

import { edit, level, useLevel } from "../app/desk";
import { t } from "../app/i18n";
import { leave } from "../widgets/TextField";
import { PublicFields, usePublicFields } from "./PublicFields";
import { Results } from "./Results";

export function GraphSheet() {
  const doc = useLevel((now) => now);
  const fields = usePublicFields();
  return (
    <>
      <section className="sheet-head">
        <div className="sheet-title">
          <input
            aria-label={t("inspector.graph")}
            value={doc.name}
            placeholder={t("bar.untitled")}
            spellCheck={false}
            onKeyDown={leave}
            onChange={(event) => {
              const name = event.currentTarget.value;
              edit({ id: "rename" }, () => ({ ...level(), name }), "name");
            }}
          />
        </div>
        <p>{t("inspector.nothing")}</p>
      </section>
      <Results />
      {fields.length > 0 && (
        <section>
          <h2>{t("inspector.form")}</h2>
          <PublicFields titled={false} />
        </section>
      )}
    </>
  );
}
