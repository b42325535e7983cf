/** A point that a wire runs through: dragged, chosen, removed like a node. */

import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import { removePoint } from "../app/actions/route";
import { t } from "../app/i18n";
import type { PointNode } from "./toFlow";

export const PointView = memo(function PointView({ id, data, selected }: NodeProps<PointNode>) {
  return (
    <span
      className={`wire-point ${data.point.colour} ${selected ? "chosen" : ""}`}
      role="img"
      aria-label={t("wire.point", { wire: data.point.wire })}
      onDoubleClick={() => removePoint(id)}
    />
  );
});
