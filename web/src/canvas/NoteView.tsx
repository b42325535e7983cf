/** A note on the canvas. */

import { type NodeProps, NodeResizer } from "@xyflow/react";
import { memo } from "react";
import { edit } from "../app/desk";
import { t } from "../app/i18n";
import { setNote } from "../graph/edit/marks";
import { leave } from "../widgets/TextField";
import type { NoteNode } from "./toFlow";

export const NoteView = memo(function NoteView({ id, data, selected }: NodeProps<NoteNode>) {
  return (
    <div className={`note ${selected ? "chosen" : ""}`}>
      <NodeResizer
        isVisible={selected}
        minWidth={120}
        minHeight={60}
        onResizeEnd={(_, { x, y, width, height }) =>
          edit({ id: "note" }, (doc) => setNote(doc, id, { x, y, width, height }))
        }
      />
      <textarea
        className="nowheel"
        aria-label={t("note.text")}
        placeholder={t("note.placeholder")}
        value={data.note.text}
        onKeyDown={leave}
        onChange={(event) => {
          const text = event.currentTarget.value;
          edit({ id: "note" }, (doc) => setNote(doc, id, { text }), `note ${id}`);
        }}
      />
    </div>
  );
});
