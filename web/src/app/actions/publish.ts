/** Subgraphs to and from the graphs that the server keeps: what is published once is placed anywhere. */

import { openSaved, type Saved, saveDocument } from "../../api/documents";
import { settled } from "../../canvas/scene";
import type { Doc } from "../../graph/document";
import { addSubgraph } from "../../graph/edit/nodes";
import { innerGraph } from "../../graph/spec";
import { camera } from "../camera";
import { edit, level, markForeign } from "../desk";
import { t } from "../i18n";
import { knowledge } from "../knowledge";
import { said } from "../said";
import { listAgain } from "../saving";
import { useSettings } from "../settings";
import { scene } from "../stage";
import { foreignSaved } from "../trust";
import { choose, say, view } from "../view";

/** Save the graph inside the chosen Subgraph as a graph of its own. */
export function publishChosen(): Promise<void> {
  const [id = ""] = view.getState().chosen;
  const node = level().nodes[id];
  const inner = node && innerGraph(knowledge.getState().know, node);
  return inner ? said(publish({ ...inner, name: node.title ?? (inner.name || id) })) : Promise.resolve();
}

async function publish(doc: Doc): Promise<void> {
  await saveDocument(doc, null);
  listAgain();
  useSettings.setState({ left: "graphs" });
  say(t("subgraph.published", { name: doc.name }));
}

/** Place a saved graph into the one that is open, as a Subgraph; it is a copy. */
export async function placeSaved(graph: Saved): Promise<void> {
  const { doc } = await openSaved(graph.id);
  const foreign = foreignSaved(graph.id, graph.name);
  if (foreign !== null) markForeign(foreign);
  placeSubgraph(doc);
}

/** Place a graph as a Subgraph in the middle of what is seen; one that ships goes by its name. */
export function placeSubgraph(graph: Doc | string): void {
  const at = camera()?.middle() ?? { x: 0, y: 0 };
  let made = "";
  edit({ id: "add", what: t("subgraph.subgraph") }, (doc) => {
    const added = addSubgraph(settled(scene(), doc), graph, { x: at.x - 100, y: at.y - 40 });
    made = added.id;
    return added.doc;
  });
  choose([made]);
}
