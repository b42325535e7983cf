/** A text: one line with its name, or a prompt of several lines. */

import type { KeyboardEvent } from "react";
import { spaced } from "../canvas/types";
import type { InputSpec } from "../graph/catalog";
import { type Json, numberOf } from "../graph/json";

interface Props {
  readonly port: InputSpec;
  readonly value: string;
  readonly long: boolean;
  readonly onChange: (value: Json | undefined) => void;
}

export function TextField({ port, value, long, onChange }: Props) {
  const longest = numberOf(port.schema?.maxLength) ?? 100_000;
  if (long) {
    return (
      <textarea
        className="field prompt nowheel"
        aria-label={spaced(port.name)}
        placeholder={spaced(port.name)}
        value={value}
        maxLength={longest}
        spellCheck={false}
        onKeyDown={leave}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  return (
    <label className="field line">
      <span className="field-label">{spaced(port.name)}</span>
      <input
        value={value}
        maxLength={longest}
        spellCheck={false}
        onKeyDown={leave}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}

/** Escape gives the keyboard back to the node. */
export function leave(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== "Escape") return;
  event.stopPropagation();
  const node = event.currentTarget.closest<HTMLElement>(".react-flow__node");
  if (node) node.focus();
  else event.currentTarget.blur();
}
