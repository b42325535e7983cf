/** The command palette: every action by name. */

import { useState } from "react";
import { COMMANDS, type CommandId, commandIds, perform } from "../app/commands";
import { t } from "../app/i18n";
import { shown } from "../app/keymap";
import { keyOf } from "../app/shortcuts";
import { view } from "../app/view";
import { rank } from "../graph/search";
import { Dialog } from "../ui/Dialog";
import { Listbox } from "../ui/Listbox";

export function Palette() {
  const [query, setQuery] = useState("");
  const ids = rank(
    query,
    commandIds().filter((id) => id !== "palette" && COMMANDS[id].enabled()),
    words,
    () => 0,
  );
  return (
    <Dialog label={t("palette.title")} plain>
      <Listbox
        label={t("palette.title")}
        placeholder={t("bar.palette")}
        query={query}
        onQuery={setQuery}
        items={ids}
        keyOf={(id) => id}
        nothing={t("palette.none")}
        onTake={(id) => {
          view.setState({ dialog: null });
          perform(id);
        }}
        onLeave={() => view.setState({ dialog: null })}
        render={(id) => (
          <>
            <span className="offer-title">{t(COMMANDS[id].label)}</span>
            <span className="quiet">{shown(keyOf(id))}</span>
          </>
        )}
      />
    </Dialog>
  );
}

function words(id: CommandId): readonly string[] {
  return [t(COMMANDS[id].label), t(`menu.${COMMANDS[id].group}`), id];
}
