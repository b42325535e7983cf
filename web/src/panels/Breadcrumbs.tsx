/** Where one is inside subgraphs; each name leads back. */

import { ChevronRight } from "lucide-react";
import { leaveTo, useTab } from "../app/desk";
import { t } from "../app/i18n";
import { useKnow } from "../app/knowledge";
import { levelAt } from "../graph/level";
import { titleOf } from "../graph/spec";

export function Breadcrumbs() {
  const path = useTab((tab) => tab.path);
  const doc = useTab((tab) => tab.history.doc);
  const know = useKnow();
  if (path.length === 0) return null;
  const names = path.map((id, at) => {
    const outer = levelAt(know, doc, path.slice(0, at));
    return outer ? titleOf(know, outer, id) : id;
  });
  return (
    <nav className="breadcrumbs" aria-label={t("breadcrumb.label")}>
      {[doc.name || t("bar.untitled"), ...names].map((name, depth) => (
        <span key={path.slice(0, depth).join("/")}>
          {depth > 0 && <ChevronRight className="icon small" aria-hidden="true" />}
          <button
            type="button"
            aria-current={depth === path.length ? "page" : undefined}
            onClick={() => leaveTo(depth)}
          >
            {name}
          </button>
        </span>
      ))}
    </nav>
  );
}
