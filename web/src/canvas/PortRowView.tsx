/** The names beside the sockets of one row. */

import { memo } from "react";
import type { PortRow } from "../graph/layout/metrics";
import type { SceneNode } from "./scene";
import { spaced } from "./types";

export const PortRowView = memo(function PortRowView({
  node,
  row,
}: {
  readonly node: SceneNode;
  readonly row: PortRow;
}) {
  const missing = row.input !== null && node.missing.includes(row.input.name);
  return (
    <div className="port-row" style={{ top: row.y }}>
      <span className={missing ? "missing" : undefined}>{row.input ? spaced(row.input.name) : ""}</span>
      <span>{row.output ? spaced(row.output.name) : ""}</span>
    </div>
  );
});
