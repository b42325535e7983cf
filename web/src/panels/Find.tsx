/** Search inside the graph: names, values, types, notes, errors; takes one there, into subgraphs too. */

import { StickyNote } from "lucide-react";
import { useMemo, useState } from "react";
import { useTab } from "../app/desk";
import { goTo, spotsNow } from "../app/finding";
import { t } from "../app/i18n";
import { useKnow } from "../app/knowledge";
import { view } from "../app/view";
import { type Found, find } from "../graph/find";
import { Dialog } from "../ui/Dialog";
import { NodeIcon } from "../ui/Icon";
import { Listbox } from "../ui/Listbox";

const SHOWN = 100;

export function Find() {
  const know = useKnow();
  const doc = useTab((tab) => tab.history.doc);
  const run = useTab((tab) => tab.run);
  const [query, setQuery] = useState("");
  const spots = useMemo(() => spotsNow(know, doc, run), [know, doc, run]);
  const found = useMemo(() => find(query, spots), [query, spots]);
  const close = () => view.setState({ dialog: null });
  return (
    <Dialog label={t("command.find")} plain>
      <Listbox
        label={t("command.find")}
        placeholder={t("find.hint")}
        query={query}
        onQuery={setQuery}
        items={found.slice(0, SHOWN)}
        keyOf={({ spot }) => [...spot.path, spot.id].join("/")}
        nothing={t("find.none")}
        onTake={({ spot }) => {
          close();
          goTo(spot);
        }}
        onLeave={close}
        aside={<span className="quiet numbers">{found.length}</span>}
        render={(one) => <FoundView found={one} />}
      />
    </Dialog>
  );
}

function FoundView({ found: { spot, word } }: { readonly found: Found }) {
  return (
    <>
      {spot.type === "" ? (
        <StickyNote className="icon" aria-hidden="true" />
      ) : (
        <NodeIcon type={spot.type} category={spot.category} />
      )}
      <span className="offer-title">{spot.title}</span>
      {word.text !== spot.title && (
        <span className={`found-word ${word.kind === "error" ? "bad" : "quiet"}`}>{word.text}</span>
      )}
      <span className="quiet">{spot.way.join(" › ")}</span>
    </>
  );
}
