/** What is chosen: its words, parameters, wires, and what the run says of it. */

import { PanelRightClose } from "lucide-react";
import { lazy, Suspense } from "react";
import { useStore } from "zustand/react";
import { perform } from "../app/commands";
import { connection } from "../app/following";
import { t } from "../app/i18n";
import { type RightPanel, useSettings } from "../app/settings";
import { useScene } from "../app/stage";
import { useView } from "../app/view";
import type { SceneWire } from "../canvas/scene";
import { GraphSheet } from "./GraphSheet";
import { inspectorTabs } from "./inspectorTabs";
import { NodeSheet } from "./NodeSheet";
import { WireSheet } from "./WireSheet";
import { withKey } from "./withKey";

const QueuePanel = lazy(async () => ({ default: (await import("./later")).QueuePanel }));
const RunList = lazy(async () => ({ default: (await import("./later")).RunList }));

export function Inspector() {
  const right = useSettings((settings) => settings.right);
  const queued = useStore(connection, (state) => state.queued);
  if (right === null) return null;
  return (
    <aside className="inspector">
      <header className="inspector-head">
        <div className="inspector-tabs" role="tablist">
          {inspectorTabs.map((tab) => (
            <button
              key={tab}
              type="button"
              role="tab"
              id={`tab-${tab}`}
              aria-selected={tab === right}
              aria-controls="inspector-sheet"
              onClick={() => useSettings.setState({ right: tab })}
            >
              {t(`inspector.${tab === "inspector" ? "title" : tab}`)}
              {tab === "queue" && queued > 0 && <span className="count numbers">{queued}</span>}
            </button>
          ))}
        </div>
        <button
          type="button"
          className="icon-button"
          aria-label={t("command.right")}
          title={withKey(t("command.right"), "right")}
          onClick={() => perform("right")}
        >
          <PanelRightClose className="icon" />
        </button>
      </header>
      <div id="inspector-sheet" className="inspector-sheet" role="tabpanel" aria-labelledby={`tab-${right}`}>
        <Sheet panel={right} />
      </div>
    </aside>
  );
}

function Sheet({ panel }: { readonly panel: RightPanel }) {
  if (panel === "inspector") return <Chosen />;
  return <Suspense>{panel === "queue" ? <QueuePanel /> : <RunList />}</Suspense>;
}

function Chosen() {
  const only = useView(({ chosen }) => (chosen.size === 1 ? ([...chosen][0] ?? null) : null));
  const count = useView(({ chosen }) => chosen.size);
  const node = useScene((scene) => (only === null ? undefined : scene.nodes.get(only)));
  const wire = useOnlyWire();
  if (wire) return <WireSheet key={wire.id} wire={wire} />;
  if (node) return <NodeSheet node={node} />;
  if (count > 1) return <p className="sheet-hint">{t("inspector.many", { count })}</p>;
  return <GraphSheet />;
}

function useOnlyWire(): SceneWire | undefined {
  const id = useView(({ chosen, chosenWires }) =>
    chosen.size === 0 && chosenWires.size === 1 ? ([...chosenWires][0] ?? null) : null,
  );
  return useScene((scene) => (id === null ? undefined : scene.wires.find((wire) => wire.id === id)));
}
