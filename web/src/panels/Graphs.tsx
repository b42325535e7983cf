/** Graphs to open: the templates that ship. */

import { useStore } from "zustand/react";
import { t } from "../app/i18n";
import { knowledge } from "../app/knowledge";
import { openTemplate } from "../canvas/EmptyCanvas";
import { NodeIcon } from "../ui/Icon";

export function Graphs() {
  const templates = useStore(knowledge, (state) => state.templates);
  return (
    <section className="panel" aria-label={t("rail.graphs")}>
      <h2>{t("library.templates")}</h2>
      <ul>
        {templates.map(({ id, name }) => (
          <li key={id}>
            <button type="button" className="library-entry" onClick={() => openTemplate(id)}>
              <NodeIcon type="Subgraph" category="" />
              <span className="entry-title">{name}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
