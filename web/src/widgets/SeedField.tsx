/** A seed: a number with a die beside it. */

import { Shuffle } from "lucide-react";
import { useState } from "react";
import { number, t } from "../app/i18n";
import { spaced } from "../canvas/types";
import type { InputSpec } from "../graph/catalog";
import type { Json } from "../graph/json";
import { TypeNumber } from "./NumberField";

interface Props {
  readonly port: InputSpec;
  readonly value: number | null;
  readonly onChange: (value: Json | undefined) => void;
}

const SEEDS = 2 ** 32;

export function SeedField({ port, value, onChange }: Props) {
  const [typing, setTyping] = useState(false);
  if (typing)
    return <TypeNumber port={port} value={value} onChange={onChange} onDone={() => setTyping(false)} />;
  return (
    <div className="field seed">
      <button type="button" className="field-button" onClick={() => setTyping(true)}>
        <span className="field-label">{spaced(port.name)}</span>
        <span className="field-value numbers">
          {value === null ? t("field.auto") : number(value).replace(/[.,]/g, " ")}
        </span>
      </button>
      <button
        type="button"
        className="field-tool"
        aria-label={t("field.shuffle")}
        title={t("field.shuffle")}
        onClick={() => onChange(Math.floor(Math.random() * SEEDS))}
      >
        <Shuffle className="icon small" aria-hidden="true" />
      </button>
    </div>
  );
}
