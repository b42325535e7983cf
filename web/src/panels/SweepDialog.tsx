/** Run the graph over one or two inputs, and see all pictures as a grid with its axes. */

import { useState } from "react";
import { type AxisOf, beginSweep } from "../api/sweeps";
import { activeTab } from "../app/desk";
import { t } from "../app/i18n";
import { said } from "../app/said";
import { say } from "../app/view";
import { Dialog } from "../ui/Dialog";
import { type PublicField, usePublicFields } from "./PublicFields";
import { SweepGrid } from "./SweepGrid";
import { sweepValues } from "./sweepValues";

interface Typed {
  readonly input: string;
  readonly text: string;
}

export function SweepDialog() {
  const fields = usePublicFields();
  const seed = fields.find(({ kind }) => kind === "seed")?.name ?? fields[0]?.name ?? "";
  const [across, setAcross] = useState<Typed>({ input: seed, text: "0..3" });
  const [down, setDown] = useState<Typed>({ input: "", text: "" });
  const [begun, setBegun] = useState<{ readonly id: string; readonly axes: readonly AxisOf[] } | null>(null);
  const axes = [down, across].flatMap((typed) => axisOf(fields, typed));
  const bad = axes.find((axis) => "bad" in axis);
  const good = axes.flatMap((axis) => ("bad" in axis || axis.values.length === 0 ? [] : [axis]));
  const count = good.reduce((product, { values }) => product * values.length, 1);

  async function begin() {
    setBegun({ id: await beginSweep(activeTab().history.doc, good), axes: good });
  }

  return (
    <Dialog label={t("sweep.title")} wide>
      <div className="sweep-axes">
        <Axis label={t("sweep.across")} fields={fields} typed={across} onChange={setAcross} needed />
        <Axis label={t("sweep.down")} fields={fields} typed={down} onChange={setDown} needed={false} />
        <button
          type="button"
          className="button primary"
          disabled={good.length === 0 || bad !== undefined}
          onClick={() => void said(begin())}
        >
          {t("sweep.start", { count })}
        </button>
      </div>
      {bad && "bad" in bad && (
        <p className="bad" role="alert">
          {t("sweep.bad", { text: bad.bad })}
        </p>
      )}
      {begun && (
        <SweepGrid key={begun.id} sweep={begun.id} axes={begun.axes} onFault={(text) => say(text, "error")} />
      )}
    </Dialog>
  );
}

function axisOf(
  fields: readonly PublicField[],
  { input, text }: Typed,
): readonly (AxisOf | { readonly bad: string })[] {
  const field = fields.find(({ name }) => name === input);
  if (!field) return [];
  const values = sweepValues(field, text);
  return ["bad" in values ? values : { input, values }];
}

interface AxisProps {
  readonly label: string;
  readonly fields: readonly PublicField[];
  readonly typed: Typed;
  readonly onChange: (typed: Typed) => void;
  readonly needed: boolean;
}

function Axis({ label, fields, typed, onChange, needed }: AxisProps) {
  return (
    <fieldset className="sweep-axis">
      <legend>{label}</legend>
      <select
        aria-label={label}
        value={typed.input}
        onChange={(event) => onChange({ ...typed, input: event.currentTarget.value })}
      >
        {!needed && <option value="">{t("sweep.none")}</option>}
        {fields.map(({ name, title }) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </select>
      <input
        aria-label={`${label}: ${t("sweep.values")}`}
        placeholder={t("sweep.values")}
        value={typed.text}
        onChange={(event) => onChange({ ...typed, text: event.currentTarget.value })}
      />
    </fieldset>
  );
}
