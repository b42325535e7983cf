/** One socket: where wires start and end. Its place is given by the layout. */

import { Handle, Position } from "@xyflow/react";
import { memo } from "react";
import { join } from "../app/actions/build";
import { level } from "../app/desk";
import { t } from "../app/i18n";
import { knowledge } from "../app/knowledge";
import { useSettings } from "../app/settings";
import { scene } from "../app/stage";
import { choose, say, useView, view, type Wiring } from "../app/view";
import type { PortType } from "../graph/catalog";
import { mayConnect } from "../graph/compat";
import { portLink } from "../graph/link";
import { handleId } from "./toFlow";
import { shapeOf, spaced, typeClass, typeName } from "./types";

interface Props {
  readonly node: string;
  readonly title: string;
  readonly port: string;
  readonly side: "input" | "output";
  readonly type: PortType;
  readonly hint: string;
  readonly y: number;
  readonly wired: string | null;
  /** A field of its own stands beside it, so it shows only when asked for. */
  readonly quiet: boolean;
  readonly missing: boolean;
}

export const Socket = memo(function Socket({
  node,
  title,
  port,
  side,
  type,
  hint,
  y,
  wired,
  quiet,
  missing,
}: Props) {
  const fit = useView(({ wiring }) => fitting(wiring, node, port, side));
  const input = side === "input";
  const words = { node: title, port: spaced(port), type: typeName(type) };
  const label =
    wired !== null
      ? t("node.inputFrom", { ...words, source: wired })
      : t(input ? "node.input" : "node.output", words);
  const classes = [
    "socket",
    shapeOf(type),
    typeClass(type),
    fit,
    type.many ? "many" : "",
    quiet ? "quiet" : "",
    missing ? "missing" : "",
  ];
  return (
    <Handle
      type={input ? "target" : "source"}
      position={input ? Position.Left : Position.Right}
      id={handleId(side, port)}
      className={classes.filter(Boolean).join(" ")}
      style={{ top: y }}
      role="button"
      tabIndex={-1}
      aria-label={label}
      title={hint}
      data-port={port}
      onClick={(event) => {
        event.stopPropagation();
        if (isTouch(event.nativeEvent)) tap(node, port, side);
        else lookInside(node, port, side);
      }}
    >
      <span className="mark" />
    </Handle>
  );
});

function isTouch(event: MouseEvent): boolean {
  return event instanceof PointerEvent && event.pointerType === "touch";
}

/** A finger connects by two taps: where the wire starts, and where it goes. */
function tap(node: string, port: string, side: "input" | "output"): void {
  const { wiring } = view.getState();
  const here = { node, port };
  if (wiring === null || wiring.side === side) {
    view.setState({ wiring: { from: here, side } });
    say(t("touch.tapNext"));
    return;
  }
  view.setState({ wiring: null });
  if (wiring.side === "output") join(wiring.from, here);
  else join(here, wiring.from);
}

/** Show what came out of an output, or what flows into an input, in the inspector. */
function lookInside(node: string, port: string, side: "input" | "output"): void {
  const wire = scene().wires.find(({ edge }) => edge.to === node && edge.port === port);
  if (side === "input" && wire) choose([], [wire.id]);
  else choose([node]);
  if (side === "output") view.setState({ port: portLink(node, port) });
  useSettings.setState({ right: "inspector" });
}

/** Whether this socket could end the dragged wire: the others fade. */
function fitting(
  wiring: Wiring | null,
  node: string,
  port: string,
  side: "input" | "output",
): "" | "fits" | "fades" {
  if (wiring === null) return "";
  if (wiring.from.node === node && wiring.from.port === port && wiring.side === side) return "fits";
  if (wiring.side === side) return "fades";
  const here = { node, port };
  const [from, to] = side === "input" ? [wiring.from, here] : [here, wiring.from];
  return mayConnect(knowledge.getState().know, level(), from, to).ok ? "fits" : "fades";
}
