/** The top bar: graphs, undo, the palette, run. */

import { Lock, PanelsTopLeft, Plus, Redo2, Search, Undo2, X, Zap } from "lucide-react";
import { useStore } from "zustand/react";
import { actionText } from "../app/actionText";
import { perform } from "../app/commands";
import { closeTab, desk, isChanged, openTab, showTab, useTab } from "../app/desk";
import { t } from "../app/i18n";
import { shown } from "../app/keymap";
import { planText, usePlan } from "../app/planning";
import { useSettings } from "../app/settings";
import { keyOf } from "../app/shortcuts";
import { EMPTY } from "../graph/document";
import { Logo } from "../ui/Logo";
import { RunButton } from "./RunButton";
import { ShareMenu } from "./ShareMenu";
import { withKey } from "./withKey";

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
        <span>{t("bar.palette")} </span>
        <span className="kbd">{shown(keyOf("palette"))}</span>
      </button>
      <ViewButtons />
      <ShareMenu />
      <PlanText />
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
              {tab.locked && <Lock className="icon small" aria-label={t("lock.locked")} />}
              {isChanged(tab) && <span className="unsaved" title={t("bar.unsaved")} />}
              <span className="tab-name">{name}</span>
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

function ViewButtons() {
  const { live, form } = useSettings();
  return (
    <>
      <button
        type="button"
        className="icon-button"
        aria-pressed={form}
        aria-label={t("command.form")}
        title={withKey(t("command.form"), "form")}
        onClick={() => perform("form")}
      >
        <PanelsTopLeft className="icon" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-pressed={live}
        aria-label={t("command.live")}
        title={withKey(t("command.live"), "live")}
        onClick={() => perform("live")}
      >
        <Zap className="icon" />
      </button>
    </>
  );
}

/** What a run would do now. */
function PlanText() {
  const plan = usePlan();
  return <span className="plan numbers">{plan ? planText(plan) : ""}</span>;
}
