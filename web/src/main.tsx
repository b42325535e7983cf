/** Mount the editor. */

import "@xyflow/react/dist/base.css";
import "./ui/tokens.css";
import "./ui/base.css";
import "./ui/layout.css";
import "./ui/panels.css";
import "./ui/fields.css";
import "./ui/form.css";
import "./canvas/canvas.css";
import "./values/values.css";
import "./values/looking.css";
import "./gallery/gallery.css";
import "./ui/scale.css";
import "./ui/touch.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Door } from "./app/Door";
import { listenToDrops } from "./app/drop";
import { useLanguage } from "./app/i18n";
import { listenToKeys } from "./app/keymap";
import { applyScale } from "./app/scale";
import { applyTheme } from "./app/settings";

document.documentElement.lang = useLanguage.getState().language;
applyTheme();
applyScale();
listenToKeys();
listenToDrops();

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Door />
    </StrictMode>,
  );
}
