/** The widget of a port: what the catalog asks for, on a node and in the inspector alike. */

import { memo, useCallback } from "react";
import { setValue } from "../app/actions/build";
import type { InputSpec } from "../graph/catalog";
import { isList, type Json, numberOf } from "../graph/json";
import type { FieldKind } from "../graph/layout/metrics";
import { ChoiceField } from "./ChoiceField";
import { LinesField } from "./LinesField";
import { NumberField } from "./NumberField";
import { SeedField } from "./SeedField";
import { TextField } from "./TextField";
import { ToggleField } from "./ToggleField";

interface Props {
  readonly node: string;
  readonly port: InputSpec;
  readonly kind: FieldKind;
  readonly value: Json | undefined;
}

export const Field = memo(function Field({ node, port, kind, value }: Props) {
  const set = useCallback((next: Json | undefined) => setValue(node, port.name, next), [node, port.name]);
  const now = value ?? port.default;
  switch (kind) {
    case "number":
    case "slider":
      return (
        <NumberField port={port} value={numberOf(now) ?? null} filled={kind === "slider"} onChange={set} />
      );
    case "seed":
      return <SeedField port={port} value={numberOf(now) ?? null} onChange={set} />;
    case "choice":
      return <ChoiceField port={port} value={typeof now === "string" ? now : ""} onChange={set} />;
    case "toggle":
      return <ToggleField port={port} value={now === true} onChange={set} />;
    case "lines":
      return <LinesField port={port} value={isList(now) ? now : []} onChange={set} />;
    case "prompt":
      return <TextField port={port} value={typeof now === "string" ? now : ""} long onChange={set} />;
    case "line":
    case "model":
    case "image":
      return <TextField port={port} value={typeof now === "string" ? now : ""} long={false} onChange={set} />;
  }
});
