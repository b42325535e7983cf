/** What an empty graph offers: the templates, and how to begin. */

import { useStore } from "zustand/react";
import { t } from "../app/i18n";
import { knowledge } from "../app/knowledge";
import { openPlaced } from "../app/opening";
import { receiveText } from "../app/receiving";
import { useScene } from "../app/stage";
import { reachesOut } from "../graph/reach";
import { documentText } from "../graph/write";

export function EmptyCanvas() {
  const empty = useScene((scene) => scene.nodes.size === 0 && Object.keys(scene.notes).length === 0);
  const templates = useStore(knowledge, (state) => state.templates);
  if (!empty) return null;
  return (
    <section className="empty-canvas">
      <h2>{t("canvas.empty")}</h2>
      <p>{t("canvas.emptyHint")}</p>
      <ul>
        {templates.map(({ id, name }) => (
          <li key={id}>
            <button type="button" className="button" onClick={() => openTemplate(id)}>
              {name}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Open a graph that ships; one that touches more than what ships is shown first. */
export function openTemplate(id: string): void {
  const { know } = knowledge.getState();
  const doc = know.library[id];
  if (!doc) return;
  if (reachesOut(know, doc)) void receiveText(documentText(doc), doc.name || id);
  else void openPlaced(doc);
}
