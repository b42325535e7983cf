/** Zoom, fit and tidy, below the map. */

import { useStore } from "@xyflow/react";
import { Maximize, Minus, Plus, Workflow } from "lucide-react";
import type { ReactNode } from "react";
import { type CommandId, perform } from "../app/commands";
import { number, t } from "../app/i18n";
import { useSettings } from "../app/settings";

export function ZoomBar() {
  const size = useSettings((settings) => settings.scale);
  const percent = useStore((state) => Math.round((state.transform[2] / size) * 100));
  return (
    <div className="zoom-bar nopan">
      <Tool command="zoomOut" label={t("canvas.zoomOut")} picture={<Minus className="icon" />} />
      <button
        type="button"
        className="zoom-percent numbers"
        title={t("canvas.zoomReset")}
        onClick={() => perform("zoomReset")}
      >
        {number(percent)} %
      </button>
      <Tool command="zoomIn" label={t("canvas.zoomIn")} picture={<Plus className="icon" />} />
      <span className="zoom-line" />
      <Tool command="fit" label={t("canvas.fit")} picture={<Maximize className="icon" />} />
      <Tool command="tidy" label={t("canvas.tidy")} picture={<Workflow className="icon" />} />
    </div>
  );
}

function Tool({
  command,
  label,
  picture,
}: {
  readonly command: CommandId;
  readonly label: string;
  readonly picture: ReactNode;
}) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      onClick={() => perform(command)}
    >
      {picture}
    </button>
  );
}
