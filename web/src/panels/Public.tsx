/** Whether a port of the graph that is looked at is one of the graph's own: a field of its form, or a result. */

import { LogIn, LogOut } from "lucide-react";
import { toggleInput, toggleOutput } from "../app/actions/form";
import { useLevel } from "../app/desk";
import { t } from "../app/i18n";
import { spaced } from "../canvas/types";
import { publicInputOf, publicOutputOf } from "../graph/edit/public";

interface Props {
  readonly node: string;
  readonly port: string;
}

export function InForm({ node, port }: Props) {
  const shown = useLevel((doc) => publicInputOf(doc, { node, port }) !== undefined);
  return (
    <Toggle
      label={t("inspector.public", { port: spaced(port) })}
      icon={LogIn}
      on={shown}
      flip={() => toggleInput(node, port)}
    />
  );
}

export function AsResult({ node, port }: Props) {
  const given = useLevel((doc) => publicOutputOf(doc, { node, port }) !== undefined);
  return (
    <Toggle
      label={t("inspector.result", { port: spaced(port) })}
      icon={LogOut}
      on={given}
      flip={() => toggleOutput(node, port)}
    />
  );
}

interface ToggleProps {
  readonly label: string;
  readonly icon: typeof LogIn;
  readonly on: boolean;
  readonly flip: () => void;
}

function Toggle({ label, icon: Icon, on, flip }: ToggleProps) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      aria-pressed={on}
      title={label}
      onClick={flip}
    >
      <Icon className="icon small" aria-hidden="true" />
    </button>
  );
}
