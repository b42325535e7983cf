/** The editor: bar, rail, panel, canvas, inspector, status. */

import { ReactFlowProvider } from "@xyflow/react";
import { Canvas } from "../canvas/Canvas";
import { NodeSearch } from "../canvas/NodeSearch";
import { Gallery } from "../gallery/Gallery";
import { Breadcrumbs } from "../panels/Breadcrumbs";
import { ColourDialog } from "../panels/ColourDialog";
import { ConflictDialog } from "../panels/ConflictDialog";
import { Find } from "../panels/Find";
import { ForeignBar } from "../panels/ForeignBar";
import { FormView } from "../panels/FormView";
import { Graphs } from "../panels/Graphs";
import { ImportDialog } from "../panels/ImportDialog";
import { Inspector } from "../panels/Inspector";
import { Library } from "../panels/Library";
import { Outline } from "../panels/Outline";
import { Palette } from "../panels/Palette";
import { Problems } from "../panels/Problems";
import { Rail } from "../panels/Rail";
import { Settings } from "../panels/Settings";
import { Shortcuts } from "../panels/Shortcuts";
import { StatusBar } from "../panels/StatusBar";
import { Steps } from "../panels/Steps";
import { SweepDialog } from "../panels/SweepDialog";
import { Timings } from "../panels/Timings";
import { TopBar } from "../panels/TopBar";
import { TrustDialog } from "../panels/TrustDialog";
import { Versions } from "../panels/Versions";
import { Resizer } from "../ui/Resizer";
import { Said } from "../ui/Said";
import { LookingDialogs } from "../values/LookingDialogs";
import { t, useLanguage } from "./i18n";
import { LEFT_WIDTH, type LeftPanel, RIGHT_WIDTH, useSettings } from "./settings";
import { type DialogName, useView } from "./view";

export function App() {
  const language = useLanguage((state) => state.language);
  const form = useSettings((settings) => settings.form);
  return (
    <ReactFlowProvider>
      <div className="app" key={language}>
        <TopBar />
        <ForeignBar />
        {form ? (
          <FormView />
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
        <Open />
        <LookingDialogs />
        <Said />
      </div>
    </ReactFlowProvider>
  );
}

const PANELS: Readonly<Record<LeftPanel, () => React.ReactNode>> = {
  nodes: Library,
  graphs: Graphs,
  outline: Outline,
  steps: Steps,
  pictures: Gallery,
};

function Left() {
  const left = useSettings((settings) => settings.left);
  const Panel = left && PANELS[left];
  return Panel ? <Panel /> : null;
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

const DIALOGS: Readonly<Record<DialogName, () => React.ReactNode>> = {
  find: Find,
  trust: TrustDialog,
  settings: Settings,
  versions: Versions,
  palette: Palette,
  shortcuts: Shortcuts,
  problems: Problems,
  conflict: ConflictDialog,
  import: ImportDialog,
  sweep: SweepDialog,
  timings: Timings,
  colour: ColourDialog,
};

function Open() {
  const dialog = useView((view) => view.dialog);
  const Shown = dialog && DIALOGS[dialog];
  return Shown ? <Shown /> : null;
}
