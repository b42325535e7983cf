/** A field on a node: the widget that its port asks for. */

import { memo } from "react";
import type { Json } from "../graph/json";
import type { FieldRow } from "../graph/layout/metrics";
import { Field } from "../widgets/Field";
import { inputHint } from "./portHint";

interface Props {
  readonly node: string;
  readonly row: FieldRow;
  readonly value: Json | undefined;
}

export const FieldRowView = memo(function FieldRowView({ node, row, value }: Props) {
  return (
    <div
      className="field-row nodrag nopan"
      style={{ top: row.y, height: row.height }}
      title={inputHint(row.input)}
    >
      <Field node={node} port={row.input} kind={row.field} value={value} />
    </div>
  );
});
