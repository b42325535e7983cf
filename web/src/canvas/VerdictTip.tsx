/** At the cursor, while a wire is dragged over a socket: why not, and what would mend it. */

import { type ConnectionState, useConnection } from "@xyflow/react";
import { camera } from "../app/camera";
import { level } from "../app/desk";
import { t } from "../app/i18n";
import { knowledge } from "../app/knowledge";
import { refusalText } from "../app/refusal";
import { scale } from "../app/scale";
import { useView, type Wiring } from "../app/view";
import { portOf } from "./toFlow";
import { verdictAt } from "./wiring";

export function VerdictTip() {
  const wiring = useView((view) => view.wiring);
  const end = useConnection((state) =>
    state.inProgress && state.toHandle ? `${state.toHandle.nodeId} ${state.toHandle.id}` : "",
  );
  const place = useConnection(pointer);
  if (!wiring || end === "") return null;
  const text = sentence(wiring, end);
  if (text === null) return null;
  const [x, y] = place.split(" ").map(Number);
  return (
    <div
      className={`tooltip ${text.good ? "" : "refused"}`}
      role="status"
      style={{ left: (x ?? 0) / scale() + 16, top: (y ?? 0) / scale() + 16 }}
    >
      {text.words}
    </div>
  );
}

function pointer(state: ConnectionState): string {
  const at = state.inProgress ? camera()?.toScreen(state.to) : undefined;
  return at ? `${Math.round(at.x)} ${Math.round(at.y)}` : "";
}

function sentence(wiring: Wiring, end: string): { readonly words: string; readonly good: boolean } | null {
  const [node = "", handle = ""] = end.split(" ");
  const side = handle.startsWith("input") ? "input" : "output";
  const { know } = knowledge.getState();
  const verdict = verdictAt(know, level(), wiring, { node, port: portOf(handle) }, side);
  if (!verdict || (verdict.ok && !verdict.maps)) return null;
  return verdict.ok
    ? { words: t("wire.maps"), good: true }
    : { words: refusalText(know, verdict.reason), good: false };
}
