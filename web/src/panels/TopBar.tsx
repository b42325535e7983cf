/** The top bar: graphs, undo, the palette, run. */

import { Play, Plus, Redo2, Search, Square, Undo2, X } from "lucide-react";
import { useStore } from "zustand/react";
import { canRun } from "../app/actions/run";
import { actionText } from "../app/actionText";
import { COMMANDS, type CommandId, perform } from "../app/commands";
import { closeTab, desk, isChanged, openTab, showTab, useTab } from "../app/desk";
import { isFinal, useRun } from "../app/following";
import { t } from "../app/i18n";
import { shown } from "../app/keymap";
import { useScene } from "../app/stage";
import { EMPTY } from "../graph/document";
import { Logo } from "../ui/Logo";
import { ShareMenu } from "./ShareMenu";

export function TopBar() {
  return (
    <header className="top-bar">
      <div className="brand">
        <Logo />
        <span>{t("app.name")}</span>
      </div>
      <Tabs />
      <UndoButtons />
      <button type="button" className="palette-button" onClick={() => perform("palette")}>
        <Search className="icon" aria-hidden="true" />
        <span>{t("bar.palette")}</span>
        <span className="kbd">{shown("Mod+K")}</span>
      </button>
      <ShareMenu />
      <RunButton />
    </header>
  );
}

function Tabs() {
  const { tabs, active } = useStore(desk);
  return (
    <nav className="tabs" aria-label={t("bar.graphs")}>
      {tabs.map((tab) => {
        const name = tab.history.doc.name || t("bar.untitled");
        return (
          <div key={tab.id} className={`tab ${tab.id === active ? "active" : ""}`}>
            <button
              type="button"
              aria-current={tab.id === active ? "page" : undefined}
              onClick={() => showTab(tab.id)}
            >
              {isChanged(tab) && <span className="unsaved" title={t("bar.unsaved")} />}
              {name}
            </button>
            <button
              type="button"
              className="tab-close"
              aria-label={t("bar.closeTab", { name })}
              onClick={() => closeTab(tab.id)}
            >
              <X className="icon small" />
            </button>
          </div>
        );
      })}
      <button
        type="button"
        className="icon-button"
        aria-label={t("bar.newTab")}
        title={t("bar.newTab")}
        onClick={() => openTab(EMPTY)}
      >
        <Plus className="icon" />
      </button>
    </nav>
  );
}

function UndoButtons() {
  const past = useTab((tab) => tab.history.past.at(-1));
  const future = useTab((tab) => tab.history.future[0]);
  const undo = past ? t("bar.undoStep", { step: actionText(past.action) }) : t("bar.undo");
  const redo = future ? t("bar.redoStep", { step: actionText(future.action) }) : t("bar.redo");
  return (
    <>
      <button
        type="button"
        className="icon-button"
        disabled={!past}
        aria-label={undo}
        title={withKey(undo, "undo")}
        onClick={() => perform("undo")}
      >
        <Undo2 className="icon" />
      </button>
      <button
        type="button"
        className="icon-button"
        disabled={!future}
        aria-label={redo}
        title={withKey(redo, "redo")}
        onClick={() => perform("redo")}
      >
        <Redo2 className="icon" />
      </button>
    </>
  );
}

function RunButton() {
  const run = useRun();
  const empty = useScene((scene) => scene.nodes.size === 0);
  if (run && !isFinal(run)) {
    return (
      <button type="button" className="button" onClick={() => perform("cancel")}>
        <Square className="icon small" aria-hidden="true" />
        {t("bar.cancel")}
      </button>
    );
  }
  return (
    <button
      type="button"
      className="button primary"
      disabled={empty || !canRun()}
      title={withKey(t("bar.run"), "run")}
      onClick={() => perform("run")}
    >
      <Play className="icon" aria-hidden="true" />
      {t("bar.run")}
    </button>
  );
}

function withKey(text: string, command: CommandId): string {
  return `${text} (${shown(COMMANDS[command].keys[0] ?? "")})`;
}
