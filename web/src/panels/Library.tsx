/** The node library: all node types by category; click or drag to place one. */

import { ChevronDown, Search } from "lucide-react";
import { type DragEvent, useMemo, useState } from "react";
import { place } from "../app/actions/build";
import { camera } from "../app/camera";
import { t } from "../app/i18n";
import { shown } from "../app/keymap";
import { useKnow } from "../app/knowledge";
import { keyOf } from "../app/shortcuts";
import { spaced } from "../canvas/types";
import type { Catalog, NodeSpec } from "../graph/catalog";
import { searchNodes } from "../graph/search";
import { NodeIcon } from "../ui/Icon";
import { Swatch } from "../ui/Swatch";
import { Legend } from "./Legend";

export const DRAGGED = "application/x-promptograph-node";

export function Library() {
  const { catalog } = useKnow();
  const [query, setQuery] = useState("");
  const groups = useMemo(() => grouped(catalog, query), [catalog, query]);
  return (
    <section className="panel library" aria-label={t("rail.nodes")}>
      <label className="search-field">
        <Search className="icon" aria-hidden="true" />
        <input
          value={query}
          placeholder={t("library.search")}
          aria-label={t("library.search")}
          spellCheck={false}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
        {keyOf("add") !== "" && <span className="kbd">{shown(keyOf("add"))}</span>}
      </label>
      <div className="library-groups">
        {groups.map(([category, specs]) => (
          <details key={category} open className="library-group">
            <summary>
              <ChevronDown className="icon small" aria-hidden="true" />
              <span>{category}</span>
              <span className="count numbers">{specs.length}</span>
            </summary>
            <ul>
              {specs.map((spec) => (
                <Entry key={spec.type} spec={spec} />
              ))}
            </ul>
          </details>
        ))}
        {groups.length === 0 && <p className="quiet">{t("library.none")}</p>}
      </div>
      <Legend />
    </section>
  );
}

function Entry({ spec }: { readonly spec: NodeSpec }) {
  const output = spec.outputs[0];
  return (
    <li>
      <button
        type="button"
        className="library-entry"
        draggable
        title={spec.help.split("\n", 1)[0]}
        onClick={() => place({ spec, port: null }, camera()?.middle() ?? { x: 0, y: 0 }, null)}
        onDragStart={(event: DragEvent) => event.dataTransfer.setData(DRAGGED, spec.type)}
      >
        <NodeIcon type={spec.type} category={spec.category} />
        <span className="entry-title">{spec.title}</span>
        {output && <Swatch type={output.type} />}
      </button>
    </li>
  );
}

function grouped(catalog: Catalog, query: string): readonly (readonly [string, readonly NodeSpec[]])[] {
  const groups = new Map<string, NodeSpec[]>();
  for (const spec of searchNodes(catalog, query, [])) {
    const name = titled(spec.category || "other");
    groups.set(name, [...(groups.get(name) ?? []), spec]);
  }
  return query === ""
    ? [...groups].sort(([a], [b]) => order(a) - order(b) || a.localeCompare(b))
    : [...groups];
}

/** The way a picture is made: the model first, logic last. */
const ORDER = ["Model", "Text", "Guidance", "Latent", "Sampling", "Autoencoder", "Image"];

function order(category: string): number {
  const place = ORDER.indexOf(category);
  return place < 0 ? ORDER.length : place;
}

function titled(category: string): string {
  const words = spaced(category);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
