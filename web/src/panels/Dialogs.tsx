/** The dialog that is open, and pictures that are looked at over everything. */

import { type DialogName, useView } from "../app/view";
import { LookingDialogs } from "../values/LookingDialogs";
import { ColourDialog } from "./ColourDialog";
import { ConflictDialog } from "./ConflictDialog";
import { Find } from "./Find";
import { ImportDialog } from "./ImportDialog";
import { Palette } from "./Palette";
import { Problems } from "./Problems";
import { Settings } from "./Settings";
import { Shortcuts } from "./Shortcuts";
import { SweepDialog } from "./SweepDialog";
import { Timings } from "./Timings";
import { TrustDialog } from "./TrustDialog";
import { Versions } from "./Versions";

export function Dialogs() {
  const dialog = useView((view) => view.dialog);
  const Shown = dialog && DIALOGS[dialog];
  return (
    <>
      {Shown && <Shown />}
      <LookingDialogs />
    </>
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
