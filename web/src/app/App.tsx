/** The editor: bar, rail, panel, canvas, inspector, status. */

import { ReactFlowProvider } from "@xyflow/react";
import { lazy, Suspense, useEffect } from "react";
import { Canvas } from "../canvas/Canvas";
import { NodeSearch } from "../canvas/NodeSearch";
import { Breadcrumbs } from "../panels/Breadcrumbs";
import { ForeignBar } from "../panels/ForeignBar";
import { Inspector } from "../panels/Inspector";
import { Library } from "../panels/Library";
import { Rail } from "../panels/Rail";
import { StatusBar } from "../panels/StatusBar";
import { TopBar } from "../panels/TopBar";
import { Resizer } from "../ui/Resizer";
import { Said } from "../ui/Said";
import { t, useLanguage } from "./i18n";
import { LEFT_WIDTH, type LeftPanel, RIGHT_WIDTH, useSettings } from "./settings";

/** What is not seen at once comes in a file of its own, right after the page: a lost server does not keep it away. */
const later = () => import("../panels/later");
const Dialogs = lazy(async () => ({ default: (await later()).Dialogs }));
const Graphs = lazy(async () => ({ default: (await later()).Graphs }));
const Outline = lazy(async () => ({ default: (await later()).Outline }));
const Steps = lazy(async () => ({ default: (await later()).Steps }));
const FormView = lazy(async () => ({ default: (await later()).FormView }));
const Gallery = lazy(async () => ({ default: (await later()).Gallery }));

export function App() {
  const language = useLanguage((state) => state.language);
  const form = useSettings((settings) => settings.form);
  useEffect(() => void later(), []);
  return (
    <ReactFlowProvider>
      <div className="app" key={language}>
        <TopBar />
        <ForeignBar />
        {form ? (
          <Suspense>
            <FormView />
          </Suspense>
        ) : (
          <div className="work">
            <Rail />
            <Left />
            <Edges side="left" />
            <main className="stage">
              <Breadcrumbs />
              <Canvas />
            </main>
            <Edges side="right" />
            <Inspector />
          </div>
        )}
        <StatusBar />
        <NodeSearch />
        <Suspense>
          <Dialogs />
        </Suspense>
        <Said />
      </div>
    </ReactFlowProvider>
  );
}

const PANELS: Readonly<Record<LeftPanel, React.ComponentType>> = {
  nodes: Library,
  graphs: Graphs,
  outline: Outline,
  steps: Steps,
  pictures: Gallery,
};

function Left() {
  const left = useSettings((settings) => settings.left);
  const Panel = left && PANELS[left];
  return Panel ? (
    <Suspense>
      <Panel />
    </Suspense>
  ) : null;
}

/** The edge of the panel of one side, where that is shown. */
function Edges({ side }: { readonly side: "left" | "right" }) {
  const settings = useSettings();
  if (settings[side] === null) return null;
  return side === "left" ? (
    <Resizer
      label={t("panel.leftWidth")}
      side="left"
      width={settings.leftWidth}
      usual={LEFT_WIDTH}
      onWidth={(leftWidth) => useSettings.setState({ leftWidth })}
    />
  ) : (
    <Resizer
      label={t("panel.rightWidth")}
      side="right"
      width={settings.rightWidth}
      usual={RIGHT_WIDTH}
      onWidth={(rightWidth) => useSettings.setState({ rightWidth })}
    />
  );
}
