/** A wire: the colour of its type on a casing of the canvas; two lines where it carries a list. */

import { type EdgeProps, getBezierPath } from "@xyflow/react";
import { memo } from "react";
import type { ShownWire } from "./toFlow";

export const WireView = memo(function WireView(props: EdgeProps<ShownWire>) {
  const { sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, selected, data } = props;
  const [path] = getBezierPath({
    sourceX,
    sourceY,
    targetX,
    targetY,
    sourcePosition,
    targetPosition,
    curvature: 0.32,
  });
  if (!data) return null;
  const { wire } = data;
  return (
    <g className={`wire ${wire.colour} ${wire.type.many ? "many" : ""} ${selected ? "chosen" : ""}`}>
      <path className="wire-hit react-flow__edge-interaction" d={path} />
      <path className="wire-casing" d={path} />
      <path className="wire-line" d={path} />
      {wire.type.many && <path className="wire-core" d={path} />}
    </g>
  );
});
