/** The wire that is being dragged. */

import { type ConnectionLineComponentProps, Position } from "@xyflow/react";
import { level } from "../app/desk";
import { knowledge } from "../app/knowledge";
import { useSettings } from "../app/settings";
import { useView } from "../app/view";
import { svgRoute } from "../graph/layout/route";
import { typeClass } from "./types";
import { wiringType } from "./wiring";

export function ConnectionLine({
  fromX,
  fromY,
  toX,
  toY,
  fromPosition,
  connectionStatus,
}: ConnectionLineComponentProps) {
  const colour = useView(({ wiring }) => {
    const type = wiring && wiringType(knowledge.getState().know, level(), wiring);
    return type ? typeClass(type) : "t-any";
  });
  const style = useSettings((settings) => settings.wireStyle);
  const [from, to] = [
    { x: fromX, y: fromY },
    { x: toX, y: toY },
  ];
  const path = svgRoute(style, fromPosition === Position.Right ? [from, to] : [to, from]);
  return <path className={`wire-dragged ${colour} ${connectionStatus ?? "free"}`} d={path} />;
}
