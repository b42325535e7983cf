/** The status bar: the connection, what the graph holds, its problems. */

import { TriangleAlert } from "lucide-react";
import { perform } from "../app/commands";
import { isChanged, useTab } from "../app/desk";
import { type Link, useLink } from "../app/following";
import { t, tn, useLanguage } from "../app/i18n";
import { useKnow } from "../app/knowledge";
import { useScene } from "../app/stage";
import { problemsOf } from "../graph/problems";
import { Meter } from "./Meter";

export function StatusBar() {
  const link = useLink();
  const nodes = useScene((scene) => scene.nodes.size);
  const wires = useScene((scene) => scene.wires.length);
  const changed = useTab(isChanged);
  const language = useLanguage((state) => state.language);
  return (
    <footer className="status-bar">
      <span className={`connection ${link.state}`}>{linkText(link)}</span>
      {link.state !== "offline" && <span>{location.host}</span>}
      <span className="numbers">
        {tn("status.nodes", nodes)}, {tn("status.wires", wires)}
      </span>
      <Problems />
      <span className="status-space" />
      <Meter />
      <span>{changed ? t("bar.unsaved") : t("status.saved")}</span>
      <button type="button" title={t("status.language")} onClick={() => perform("language")}>
        {language.toUpperCase()}
      </button>
    </footer>
  );
}

function Problems() {
  const know = useKnow();
  const count = useScene((scene) => problemsOf(know, scene.doc).length);
  if (count === 0) return <span>{t("status.noProblems")}</span>;
  return (
    <button type="button" className="bad numbers" onClick={() => perform("problems")}>
      <TriangleAlert className="icon small" aria-hidden="true" />
      {tn("status.problems", count)}
    </button>
  );
}

function linkText(link: Link): string {
  switch (link.state) {
    case "open":
      return t("status.connected");
    case "connecting":
      return t("status.connecting");
    case "waiting":
      return t("status.waiting");
    case "refused":
      return t(`status.refused.${link.reason}`);
    case "offline":
      return t("status.offline");
  }
}
