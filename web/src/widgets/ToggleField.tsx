/** On or off. */

import { t } from "../app/i18n";
import { spaced } from "../canvas/types";
import type { InputSpec } from "../graph/catalog";
import type { Json } from "../graph/json";

interface Props {
  readonly port: InputSpec;
  readonly value: boolean;
  readonly onChange: (value: Json | undefined) => void;
}

export function ToggleField({ port, value, onChange }: Props) {
  return (
    <button
      type="button"
      className="field toggle"
      role="switch"
      aria-checked={value}
      onClick={() => onChange(!value)}
    >
      <span className="field-label">{spaced(port.name)}</span>
      <span className="field-value">{t(value ? "field.on" : "field.off")}</span>
      <span className="toggle-mark" aria-hidden="true" />
    </button>
  );
}
