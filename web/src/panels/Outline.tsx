/** The graph as a list: searched by name, type or value; click to go there. */

import { Search } from "lucide-react";
import { useMemo, useState } from "react";
import { lookAt } from "../app/camera";
import { t } from "../app/i18n";
import { useScene } from "../app/stage";
import { choose, useView } from "../app/view";
import type { Scene, SceneNode } from "../canvas/scene";
import { compact } from "../graph/canonical";
import { rank } from "../graph/search";
import { structureOf } from "../graph/structure";
import { NodeIcon } from "../ui/Icon";

export function Outline() {
  const scene = useScene((now) => now);
  const chosen = useView((now) => now.chosen);
  const [query, setQuery] = useState("");
  const nodes = useMemo(() => rank(query, inOrder(scene), words, () => 0), [scene, query]);
  return (
    <section className="panel outline" aria-label={t("outline.title")}>
      <label className="search-field">
        <Search className="icon" aria-hidden="true" />
        <input
          value={query}
          placeholder={t("outline.search")}
          aria-label={t("outline.search")}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
      </label>
      <ul>
        {nodes.map(({ id, spec, title }) => (
          <li key={id}>
            <button
              type="button"
              className="library-entry"
              aria-pressed={chosen.has(id)}
              onClick={() => go(id)}
            >
              <NodeIcon type={spec.type} category={spec.category} />
              <span className="entry-title">{title}</span>
              <span className="quiet">{id}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function inOrder(scene: Scene): readonly SceneNode[] {
  return structureOf(scene.doc).order.flatMap((id) => scene.nodes.get(id) ?? []);
}

function words({ id, title, spec, node }: SceneNode): readonly string[] {
  return [title, id, spec.type, ...Object.values(node.params).map(compact)];
}

function go(id: string): void {
  choose([id]);
  lookAt(id);
}
