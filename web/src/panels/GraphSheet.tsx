/** The graph itself in the inspector, when no node is chosen: its name and its public inputs. */

import { edit, level, useLevel } from "../app/desk";
import { t } from "../app/i18n";
import { useKnow } from "../app/knowledge";
import { inputOf } from "../graph/catalog";
import type { Doc } from "../graph/document";
import { fieldHeight, fieldKind } from "../graph/layout/metrics";
import { parseLink } from "../graph/link";
import { type Knowledge, specOf } from "../graph/spec";
import { Field } from "../widgets/Field";
import { leave } from "../widgets/TextField";
import { Results } from "./Results";

export function GraphSheet() {
  const doc = useLevel((now) => now);
  const know = useKnow();
  const fields = Object.keys(doc.inputs).flatMap((name) => publicField(know, doc, name) ?? []);
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
          {fields.map(({ name, title, node, port, kind }) => (
            <div key={name} className="sheet-public">
              {(kind === "prompt" || kind === "lines") && <span className="sheet-label">{title}</span>}
              <div className="sheet-field" style={{ height: fieldHeight(kind) }}>
                <Field node={node} port={port} kind={kind} value={doc.nodes[node]?.params[port.name]} />
              </div>
            </div>
          ))}
        </section>
      )}
    </>
  );
}

/** The widget of a public input; those of ports inside subgraphs are set there. */
function publicField(know: Knowledge, doc: Doc, name: string) {
  const field = doc.inputs[name];
  const link = parseLink(field?.to[0] ?? "");
  const port = link && inputOf(specOf(know, doc, link.node), link.port);
  const kind = port ? fieldKind(port) : null;
  return link && port && kind ? { name, title: field?.title ?? name, node: link.node, port, kind } : null;
}
