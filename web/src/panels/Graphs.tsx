/** Graphs to open: those that the server keeps, and the templates that ship. */

import { SquarePlus, Trash2 } from "lucide-react";
import { useStore } from "zustand/react";
import { deleteSaved, openSaved, type Saved, savedGraphs } from "../api/documents";
import { placeSaved, placeSubgraph } from "../app/actions/publish";
import { desk, openTab, patchTab, showTab, useTab } from "../app/desk";
import { t, when } from "../app/i18n";
import { knowledge } from "../app/knowledge";
import { said } from "../app/said";
import { listAgain, saving } from "../app/saving";
import { foreignSaved } from "../app/trust";
import { openTemplate } from "../canvas/EmptyCanvas";
import { NodeIcon } from "../ui/Icon";
import { useLoaded } from "../values/useLoaded";

export function Graphs() {
  const templates = useStore(knowledge, (state) => state.templates);
  const revision = useTab(({ remote }) => `${remote?.id} ${remote?.revision}`);
  const open = useStore(desk, (state) => state.tabs.length);
  const listed = useStore(saving, (state) => state.listed);
  const saved = useLoaded(`${revision} ${open} ${listed}`, savedGraphs);
  return (
    <section className="panel" aria-label={t("rail.graphs")}>
      <h2>{t("graphs.saved")}</h2>
      {saved.at === "here" && saved.value.length === 0 && (
        <p className="quiet sheet-label">{t("graphs.none")}</p>
      )}
      <ul>{saved.at === "here" && saved.value.map((graph) => <Entry key={graph.id} graph={graph} />)}</ul>
      <h2>{t("library.templates")}</h2>
      <ul>
        {templates.map(({ id, name }) => (
          <li key={id} className="saved-entry">
            <button type="button" className="library-entry" onClick={() => openTemplate(id)}>
              <NodeIcon type="Subgraph" category="" />
              <span className="entry-title">{name}</span>
            </button>
            <Place name={name} onPlace={() => placeSubgraph(id)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Entry({ graph }: { readonly graph: Saved }) {
  const name = graph.name || t("bar.untitled");
  return (
    <li className="saved-entry">
      <button type="button" className="library-entry" onClick={() => void said(open(graph))}>
        <span className="entry-title">{name}</span>
        <span className="quiet numbers">{when(graph.saved)}</span>
      </button>
      <Place name={name} onPlace={() => void said(placeSaved(graph))} />
      <button
        type="button"
        className="icon-button"
        aria-label={t("graphs.delete", { name })}
        title={t("graphs.delete", { name })}
        onClick={() => void said(remove(graph))}
      >
        <Trash2 className="icon small" />
      </button>
    </li>
  );
}

function Place({ name, onPlace }: { readonly name: string; readonly onPlace: () => void }) {
  const label = t("subgraph.place", { name });
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} onClick={onPlace}>
      <SquarePlus className="icon small" />
    </button>
  );
}

async function open(graph: Saved): Promise<void> {
  const tab = desk.getState().tabs.find(({ remote }) => remote?.id === graph.id);
  if (tab) {
    showTab(tab.id);
    return;
  }
  const { doc, remote } = await openSaved(graph.id);
  openTab(doc, { remote, foreign: foreignSaved(graph.id, graph.name) });
}

/** Its tab stays open, and is saved anew once it is changed. */
async function remove(graph: Saved): Promise<void> {
  await deleteSaved(graph);
  listAgain();
  for (const tab of desk.getState().tabs) if (tab.remote?.id === graph.id) patchTab(tab.id, { remote: null });
}
