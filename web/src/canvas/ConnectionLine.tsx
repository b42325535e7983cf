/** The wire that is being dragged. */

import { type ConnectionLineComponentProps, getBezierPath } from "@xyflow/react";
import { level } from "../app/desk";
import { knowledge } from "../app/knowledge";
import { useView } from "../app/view";
import { typeClass } from "./types";
import { wiringType } from "./wiring";

export function ConnectionLine({
  fromX,
  fromY,
  toX,
  toY,
  fromPosition,
  toPosition,
  connectionStatus,
}: ConnectionLineComponentProps) {
  const colour = useView(({ wiring }) => {
    const type = wiring && wiringType(knowledge.getState().know, level(), wiring);
    return type ? typeClass(type) : "t-any";
  });
  const [path] = getBezierPath({
    sourceX: fromX,
    sourceY: fromY,
    sourcePosition: fromPosition,
    targetX: toX,
    targetY: toY,
    targetPosition: toPosition,
    curvature: 0.32,
  });
  return <path className={`wire-dragged ${colour} ${connectionStatus ?? "free"}`} d={path} />;
}
