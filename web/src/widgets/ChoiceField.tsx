/** One of several: the browser's own list, which every keyboard and screen reader knows. */

import { ChevronDown } from "lucide-react";
import { spaced } from "../canvas/types";
import type { InputSpec } from "../graph/catalog";
import { isList, type Json } from "../graph/json";

interface Props {
  readonly port: InputSpec;
  readonly value: string;
  readonly onChange: (value: Json | undefined) => void;
}

export function ChoiceField({ port, value, onChange }: Props) {
  const choices = isList(port.schema?.enum) ? port.schema.enum.map(String) : [];
  const known = choices.includes(value) ? choices : [value, ...choices];
  return (
    <label className="field choice">
      <span className="field-label">{spaced(port.name)}</span>
      <select className="nowheel" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {known.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
      <ChevronDown className="icon small" aria-hidden="true" />
    </label>
  );
}
