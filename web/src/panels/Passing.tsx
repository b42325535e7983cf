/** What passes through a bypassed node: for each output the input that it gives on, or nothing. */

import { passOn } from "../app/actions/bypass";
import { t } from "../app/i18n";
import type { SceneNode } from "../canvas/scene";
import { spaced } from "../canvas/types";
import type { NodeSpec, OutputSpec } from "../graph/catalog";
import type { Table } from "../graph/document";

interface Props {
  readonly node: SceneNode;
  readonly bypass: Table<string>;
}

export function Passing({ node, bypass }: Props) {
  return (
    <section className="passing">
      <h2>{t("bypass.title")}</h2>
      <p className="quiet">{t("bypass.hint")}</p>
      {node.spec.outputs.map((output) => (
        <label key={output.name} className="passing-row">
          <span>{t("bypass.to", { port: spaced(output.name) })}</span>
          <select
            value={bypass[output.name] ?? ""}
            onChange={(event) => passOn(node.id, output.name, event.currentTarget.value || null)}
          >
            <option value="">{t("bypass.nothing")}</option>
            {fitting(node.spec, output, bypass[output.name]).map((name) => (
              <option key={name} value={name}>
                {spaced(name)}
              </option>
            ))}
          </select>
        </label>
      ))}
    </section>
  );
}

/** The inputs of the output's type, and the one that the document names. */
function fitting(spec: NodeSpec, output: OutputSpec, now: string | undefined): readonly string[] {
  const same = spec.inputs.filter(
    ({ type }) => type.name === output.type.name && type.many === output.type.many,
  );
  return [...new Set([...same.map(({ name }) => name), ...(now === undefined ? [] : [now])])];
}
