/** The rail at the left: which panel stands beside it, and the theme. */

import {
  FolderOpen,
  History,
  Images,
  ListTree,
  type LucideIcon,
  Moon,
  Settings,
  Sun,
  SunMoon,
  Workflow,
} from "lucide-react";
import { perform } from "../app/commands";
import { t } from "../app/i18n";
import { type LeftPanel, type Theme, useSettings } from "../app/settings";
import { withKey } from "./withKey";

const PANELS: readonly (readonly [LeftPanel, LucideIcon])[] = [
  ["nodes", Workflow],
  ["graphs", FolderOpen],
  ["outline", ListTree],
  ["steps", History],
  ["pictures", Images],
];
const THEMES: Readonly<Record<Theme, LucideIcon>> = { system: SunMoon, dark: Moon, light: Sun };

export function Rail() {
  const left = useSettings((settings) => settings.left);
  const theme = useSettings((settings) => settings.theme);
  const ThemeIcon = THEMES[theme];
  const themeLabel = t("rail.theme", { theme: t(`theme.${theme}`) });
  return (
    <nav className="rail">
      {PANELS.map(([panel, Picture]) => (
        <button
          key={panel}
          type="button"
          className="rail-button"
          aria-pressed={left === panel}
          aria-label={t(`rail.${panel}`)}
          title={t(`rail.${panel}`)}
          onClick={() => useSettings.setState({ left: left === panel ? null : panel })}
        >
          <Picture className="icon" />
        </button>
      ))}
      <span className="rail-space" />
      <button
        type="button"
        className="rail-button"
        aria-label={themeLabel}
        title={themeLabel}
        onClick={() => perform("theme")}
      >
        <ThemeIcon className="icon" />
      </button>
      <button
        type="button"
        className="rail-button"
        aria-label={t("command.settings")}
        title={withKey(t("command.settings"), "settings")}
        onClick={() => perform("settings")}
      >
        <Settings className="icon" />
      </button>
    </nav>
  );
}
