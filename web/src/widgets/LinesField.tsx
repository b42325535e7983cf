/** A list of texts or numbers, one for each line. */

import { useState } from "react";
import { t } from "../app/i18n";
import { spaced } from "../canvas/types";
import type { InputSpec } from "../graph/catalog";
import { Exact, type Json } from "../graph/json";
import { parseJson } from "../graph/parse";
import { leave } from "./TextField";

interface Props {
  readonly port: InputSpec;
  readonly value: readonly Json[];
  readonly onChange: (value: Json | undefined) => void;
}

export function LinesField({ port, value, onChange }: Props) {
  const [draft, setDraft] = useState<string | null>(null);
  const shown = value.map((item) => (item instanceof Exact ? item.text : String(item))).join("\n");
  const take = () => {
    if (draft !== null && draft !== shown) onChange(linesOf(draft, port.type.name));
    setDraft(null);
  };
  return (
    <textarea
      className="field prompt nowheel"
      aria-label={`${spaced(port.name)}, ${t("field.lines")}`}
      placeholder={`${spaced(port.name)}, ${t("field.lines")}`}
      value={draft ?? shown}
      spellCheck={false}
      onKeyDown={leave}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={take}
    />
  );
}

function linesOf(text: string, type: string): readonly Json[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (type === "str") return lines;
  return lines.flatMap((line): Json[] => {
    try {
      return [parseJson(line.trim())];
    } catch {
      return [];
    }
  });
}
