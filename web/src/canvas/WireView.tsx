/** A wire: the colour of its type on a casing of the canvas; two lines where it carries a list. */

import type { EdgeProps } from "@xyflow/react";
import { memo } from "react";
import { useSettings } from "../app/settings";
import { useView } from "../app/view";
import type { Point } from "../graph/document";
import { svgRoute } from "../graph/layout/route";
import type { ShownWire } from "./toFlow";
import { WireCount } from "./WireCount";
import { WireName } from "./WireName";

export const WireView = memo(function WireView({
  id,
  sourceX,
  sourceY,
  targetX,
  targetY,
  selected,
  data,
}: EdgeProps<ShownWire>) {
  const style = useSettings((settings) => settings.wireStyle);
  const takes = useView((view) => view.over === id);
  if (!data) return null;
  const { wire, points, named } = data;
  const start: Point = { x: sourceX, y: sourceY };
  const end: Point = { x: targetX, y: targetY };
  const classes = [
    "wire",
    wire.colour,
    wire.type.many ? "many" : "",
    wire.look.name === null ? "" : "by-name",
    selected || takes ? "chosen" : "",
  ];
  const stops = [start, ...points, end];
  const path = named ? "" : svgRoute(style, stops);
  return (
    <g className={classes.filter(Boolean).join(" ")}>
      {named && <WireName name={wire.look.name ?? ""} start={start} end={end} />}
      {!named && (
        <>
          <path className="wire-hit react-flow__edge-interaction" d={path} />
          <path className="wire-casing" d={path} />
          <path className="wire-line" d={path} />
          {wire.type.many && <path className="wire-core" d={path} />}
          {wire.type.many && <WireCount link={wire.edge.link} style={style} stops={stops} />}
        </>
      )}
    </g>
  );
});
