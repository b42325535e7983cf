/** A node on the canvas: header, rows, sockets, picture, fault. */

import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import { t } from "../app/i18n";
import { runningOf } from "../graph/bypass";
import { NodeIcon } from "../ui/Icon";
import { FieldRowView } from "./FieldRowView";
import { NodeHeat } from "./NodeHeat";
import { NodePicture } from "./NodePicture";
import { NodeState } from "./NodeState";
import { NodeWords } from "./NodeWords";
import { PassedThrough } from "./PassedThrough";
import { PortRowView } from "./PortRowView";
import { inputHint, outputHint } from "./portHint";
import { Socket } from "./Socket";
import type { SceneNode } from "./scene";
import type { GraphNode } from "./toFlow";

export const NodeView = memo(
  function NodeView({ data, selected }: NodeProps<GraphNode>) {
    return <NodeBody node={data.node} selected={selected} />;
  },
  (before, after) => before.data === after.data && before.selected === after.selected,
);

const NodeBody = memo(function NodeBody({
  node,
  selected,
}: {
  readonly node: SceneNode;
  readonly selected: boolean;
}) {
  const { layout, spec, look } = node;
  const classes = [
    "node",
    selected ? "chosen" : "",
    node.fault === null ? "" : "failed",
    spec.known ? "" : "unknown",
    runningOf(node.node),
    node.node.pin === null ? "" : "pinned",
  ];
  return (
    <div className={classes.filter(Boolean).join(" ")} data-colour={look.colour ?? undefined}>
      <NodeHeat id={node.id} />
      <div className="node-header">
        <NodeIcon type={spec.type} category={spec.category} />
        <span className="node-title">{node.title}</span>
        {node.node.bypass === null ? (
          <NodeState
            id={node.id}
            incomplete={node.missing.length > 0}
            unknown={!spec.known}
            pinned={node.node.pin !== null}
          />
        ) : (
          <span className="node-state quiet">
            {t(runningOf(node.node) === "muted" ? "state.muted" : "state.bypassed")}
          </span>
        )}
      </div>
      {layout.rows.map((row) =>
        row.kind === "ports" ? (
          <PortRowView key={row.y} node={node} row={row} />
        ) : (
          <FieldRowView key={row.y} node={node.id} value={node.node.params[row.input.name]} row={row} />
        ),
      )}
      {node.node.bypass !== null && <PassedThrough node={node} />}
      {layout.handles.map((handle) => (
        <SocketOf key={`${handle.side} ${handle.id}`} node={node} handle={handle} />
      ))}
      {layout.preview?.shown === "picture" && <NodePicture id={node.id} top={layout.preview.y} />}
      {layout.preview?.shown === "words" && <NodeWords id={node.id} top={layout.preview.y} />}
      {node.fault !== null && <p className="node-fault">{node.fault}</p>}
    </div>
  );
});

function SocketOf({
  node,
  handle,
}: {
  readonly node: SceneNode;
  readonly handle: SceneNode["layout"]["handles"][number];
}) {
  const ports = handle.side === "input" ? node.spec.inputs : node.spec.outputs;
  const port = ports.find((other) => other.name === handle.id);
  if (!port) return null;
  const wire = handle.side === "input" ? node.node.inputs[handle.id] : undefined;
  const isField = node.layout.rows.some(
    (row) => row.kind === "field" && row.input.name === handle.id && handle.side === "input",
  );
  return (
    <Socket
      node={node.id}
      title={node.title}
      port={handle.id}
      side={handle.side}
      type={port.type}
      hint={"schema" in port ? inputHint(port) : outputHint(port)}
      y={handle.y}
      wired={wire === undefined ? null : String(wire)}
      quiet={isField}
      missing={handle.side === "input" && node.missing.includes(handle.id)}
    />
  );
}
