/** What the editor knows of nodes and library graphs, and the backend that told it. */

import { createStore } from "zustand";
import { useStore } from "zustand/react";
import type { Backend, Template } from "../api/backend";
import type { Knowledge } from "../graph/spec";

export interface Known {
  readonly know: Knowledge;
  readonly templates: readonly Template[];
  readonly backend: Backend | null;
}

export const knowledge = createStore<Known>(() => ({
  know: { catalog: {}, library: {} },
  templates: [],
  backend: null,
}));

export function useKnow(): Knowledge {
  return useStore(knowledge, (state) => state.know);
}

/** Load the catalog, the list of templates and their graphs. */
export async function learn(backend: Backend): Promise<void> {
  const [catalog, templates] = await Promise.all([backend.catalog(), backend.templates()]);
  const graphs = await Promise.all(
    templates.map(async ({ id }) => [id, await backend.template(id)] as const),
  );
  knowledge.setState({ know: { catalog, library: Object.fromEntries(graphs) }, templates, backend });
}
