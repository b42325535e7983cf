/** Somebody else saved this graph meanwhile: how theirs differs from mine, and which one stays. */

import { useStore } from "zustand/react";
import { desk } from "../app/desk";
import { t } from "../app/i18n";
import { saving, settle } from "../app/saving";
import { changesBetween } from "../graph/changes";
import { Dialog } from "../ui/Dialog";
import { ChangeList } from "./ChangeList";

export function ConflictDialog() {
  const conflict = useStore(saving, (state) => state.conflict);
  const mine = useStore(desk, ({ tabs }) => tabs.find(({ id }) => id === conflict?.tab)?.history.doc);
  if (!conflict || !mine) return null;
  return (
    <Dialog label={t("conflict.title")}>
      <p>{t("conflict.text")}</p>
      <ChangeList changes={changesBetween(conflict.theirs, mine)} />
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={() => settle("theirs")}>
          {t("conflict.theirs")}
        </button>
        <button type="button" className="button" onClick={() => settle("mine")}>
          {t("conflict.mine")}
        </button>
        <button type="button" className="button primary" onClick={() => settle("both")}>
          {t("conflict.both")}
        </button>
      </div>
    </Dialog>
  );
}
