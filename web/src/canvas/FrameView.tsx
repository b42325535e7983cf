/** A frame: a title and a ground; its content moves with it. */

import { type NodeProps, NodeResizer } from "@xyflow/react";
import { memo } from "react";
import { edit } from "../app/desk";
import { t } from "../app/i18n";
import { setFrame } from "../graph/edit/marks";
import { leave } from "../widgets/TextField";
import type { FrameNode } from "./toFlow";

export const FrameView = memo(function FrameView({ id, data, selected }: NodeProps<FrameNode>) {
  const { frame } = data;
  return (
    <div className={`frame ${selected ? "chosen" : ""}`} data-colour={frame.colour ?? undefined}>
      <NodeResizer
        isVisible={selected}
        minWidth={120}
        minHeight={80}
        onResizeEnd={(_, { x, y, width, height }) =>
          edit({ id: "frame" }, (doc) => setFrame(doc, id, { x, y, width, height }))
        }
      />
      <div className="frame-title">
        <input
          className="nodrag"
          aria-label={t("frame.title")}
          placeholder={t("frame.untitled")}
          value={frame.title}
          size={Math.max(8, frame.title.length)}
          onKeyDown={leave}
          onChange={(event) => {
            const title = event.currentTarget.value;
            edit({ id: "frame" }, (doc) => setFrame(doc, id, { title }), `frame ${id}`);
          }}
        />
      </div>
    </div>
  );
});
