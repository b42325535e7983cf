/** All shortcuts; a search finds one by its name or its keys. */

import { useState } from "react";
import { t } from "../app/i18n";
import { Dialog } from "../ui/Dialog";
import { SearchField } from "../ui/SearchField";
import { Keys, keysMatching } from "./Keys";

export function Shortcuts() {
  const [query, setQuery] = useState("");
  return (
    <Dialog label={t("shortcuts.title")} wide>
      <SearchField label={t("keys.search")} query={query} onQuery={setQuery} />
      <Keys ids={keysMatching(query)} />
    </Dialog>
  );
}
