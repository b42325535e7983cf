/** A number: drag to change it, click to type it, arrows to step it; expressions are understood. */

import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { commas, number, t } from "../app/i18n";
import { say } from "../app/view";
import { spaced } from "../canvas/types";
import type { InputSpec } from "../graph/catalog";
import type { Json } from "../graph/json";
import { clamp, fullness, rangeOf, stepBy, typed } from "./range";

interface Props {
  readonly port: InputSpec;
  readonly value: number | null;
  readonly filled: boolean;
  readonly onChange: (value: Json | undefined) => void;
}

const PIXELS = 6;
const FAR = 10;

export function NumberField({ port, value, filled, onChange }: Props) {
  const [typing, setTyping] = useState(false);
  const drag = useRef<{ x: number; value: number; moved: boolean } | null>(null);
  const range = rangeOf(port);
  const label = spaced(port.name);

  function down(event: PointerEvent<HTMLElement>) {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, value: value ?? clamp(range, 0), moved: false };
  }

  function move(event: PointerEvent<HTMLElement>) {
    const from = drag.current;
    if (!from) return;
    const steps = Math.trunc((event.clientX - from.x) / PIXELS) * (event.shiftKey ? FAR : 1);
    if (steps === 0 && !from.moved) return;
    from.moved = true;
    onChange(stepBy(range, from.value, steps));
  }

  function up() {
    if (drag.current && !drag.current.moved) setTyping(true);
    drag.current = null;
  }

  function key(event: KeyboardEvent) {
    const steps = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: FAR, PageDown: -FAR }[
      event.key
    ];
    if (steps !== undefined) onChange(stepBy(range, value ?? 0, steps));
    else if (event.key === "Enter" || /^[\d.(-]$/.test(event.key)) setTyping(true);
    else if (event.key === "Delete" || event.key === "Backspace") onChange(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  if (typing)
    return <TypeNumber port={port} value={value} onChange={onChange} onDone={() => setTyping(false)} />;
  return (
    <div
      className="field number"
      role="spinbutton"
      tabIndex={0}
      aria-label={label}
      aria-valuenow={value ?? undefined}
      aria-valuemin={Number.isFinite(range.least) ? range.least : undefined}
      aria-valuemax={Number.isFinite(range.most) ? range.most : undefined}
      aria-valuetext={value === null ? t("field.auto") : undefined}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onKeyDown={key}
    >
      {filled && value !== null && (
        <span className="field-fill" style={{ width: `${fullness(range, value) * 100}%` }} />
      )}
      <span className="field-label">{label}</span>
      <span className="field-value numbers">{value === null ? t("field.auto") : number(value, 4)}</span>
    </div>
  );
}

interface TypeProps {
  readonly port: InputSpec;
  readonly value: number | null;
  readonly onChange: (value: Json | undefined) => void;
  readonly onDone: () => void;
}

export function TypeNumber({ port, value, onChange, onDone }: TypeProps) {
  const label = spaced(port.name);
  function take(text: string) {
    if (text.trim() === "") {
      onChange(undefined);
      return;
    }
    try {
      onChange(typed(rangeOf(port), text, port.name, value, commas()));
    } catch (error) {
      say(t("field.bad", { text, reason: error instanceof Error ? error.message : "" }), "error");
    }
  }
  return (
    <label className="field typing">
      <span className="field-label">{label}</span>
      <input
        className="numbers"
        defaultValue={value === null ? "" : String(value)}
        // biome-ignore lint/a11y/noAutofocus: a person just asked to type here
        autoFocus
        inputMode="decimal"
        onFocus={(event) => event.currentTarget.select()}
        onBlur={(event) => {
          if (event.currentTarget.dataset.left !== "true") take(event.currentTarget.value);
          onDone();
        }}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === "Escape") event.currentTarget.dataset.left = "true";
          if (event.key === "Enter" || event.key === "Escape") event.currentTarget.blur();
        }}
      />
    </label>
  );
}
