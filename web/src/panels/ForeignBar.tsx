/** Above a graph from elsewhere, until it is trusted. */

import { ShieldQuestion } from "lucide-react";
import { perform } from "../app/commands";
import { useTab } from "../app/desk";
import { t } from "../app/i18n";
import { useSettings } from "../app/settings";

export function ForeignBar() {
  const foreign = useTab((tab) => tab.foreign);
  const live = useSettings((settings) => settings.live);
  if (foreign === null) return null;
  return (
    <section className="foreign-bar" aria-label={t("trust.title")}>
      <ShieldQuestion className="icon" aria-hidden="true" />
      <span className="foreign-text">
        {t("trust.from", { from: foreign })} {live && t("trust.liveWaits")}
      </span>
      <button type="button" className="button" onClick={() => perform("touches")}>
        {t("command.touches")}
      </button>
      <button type="button" className="button" onClick={() => perform("trust")}>
        {t("trust.trust")}
      </button>
    </section>
  );
}
