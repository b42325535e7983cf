/** One node in the inspector. */

import { retitle } from "../app/actions/build";
import { strips, useNodeLive, useRunId } from "../app/following";
import { t } from "../app/i18n";
import { prefix } from "../app/stage";
import { duration } from "../canvas/NodeState";
import { inputHint } from "../canvas/portHint";
import type { SceneNode } from "../canvas/scene";
import { spaced, type typeName } from "../canvas/types";
import { linksOf } from "../graph/document";
import { fieldHeight, fieldKind } from "../graph/layout/metrics";
import { Swatch } from "../ui/Swatch";
import { FilmStrip } from "../values/FilmStrip";
import { Field } from "../widgets/Field";
import { leave } from "../widgets/TextField";
import { Passing } from "./Passing";
import { Pinning } from "./Pinning";
import { PortValues } from "./PortValues";
import { InForm } from "./Public";
import { RunFacts } from "./RunFacts";

export function NodeSheet({ node }: { readonly node: SceneNode }) {
  const { spec } = node;
  const wired = (name: string) => Object.hasOwn(node.node.inputs, name);
  const fields = spec.inputs.filter((port) => fieldKind(port) !== null && !wired(port.name));
  const inputs = spec.inputs.filter((port) => fieldKind(port) === null || wired(port.name));
  return (
    <>
      <section className="sheet-head">
        <div className="sheet-title">
          <input
            aria-label={t("inspector.rename")}
            value={node.node.title ?? ""}
            placeholder={spec.title}
            spellCheck={false}
            onKeyDown={leave}
            onChange={(event) => retitle(node.id, event.currentTarget.value)}
          />
          <Status id={node.id} pinned={node.node.pin !== null} />
        </div>
        <p>{paragraph(spec.help)}</p>
      </section>
      {node.node.bypass !== null && <Passing node={node} bypass={node.node.bypass} />}
      {node.node.pin !== null && <Pinning node={node} />}
      {fields.length > 0 && (
        <section>
          <h2>{t("inspector.parameters")}</h2>
          {fields.map((port) => {
            const kind = fieldKind(port) ?? "line";
            return (
              <div key={port.name} className="sheet-row">
                <div className="sheet-field" style={{ height: fieldHeight(kind) }} title={inputHint(port)}>
                  <Field node={node.id} port={port} kind={kind} value={node.node.params[port.name]} />
                </div>
                <InForm node={node.id} port={port.name} />
              </div>
            );
          })}
        </section>
      )}
      <RunFacts id={node.id} />
      <Strip id={node.id} />
      <PortValues key={node.id} node={node} />
      {inputs.length > 0 && (
        <section>
          <h2>{t("inspector.inputs")}</h2>
          <dl className="ports">
            {inputs.map((port) => (
              <Port
                key={port.name}
                name={port.name}
                type={port.type}
                text={sourceText(node, port.name, port.required)}
              />
            ))}
          </dl>
        </section>
      )}
    </>
  );
}

/** The previews of the run that is shown, once there are several. */
function Strip({ id }: { readonly id: string }) {
  const run = useRunId();
  const live = useNodeLive(id);
  const frames = run !== null && live ? strips.of(run, prefix() + id) : [];
  if (frames.length < 2) return null;
  return (
    <section>
      <h2>{t("strip.title")}</h2>
      <FilmStrip frames={frames} />
    </section>
  );
}

function Port({
  name,
  type,
  text,
}: {
  readonly name: string;
  readonly type: Parameters<typeof typeName>[0];
  readonly text: string;
}) {
  return (
    <>
      <dt>
        <Swatch type={type} />
        {spaced(name)}
      </dt>
      <dd>{text}</dd>
    </>
  );
}

function Status({ id, pinned }: { readonly id: string; readonly pinned: boolean }) {
  const live = useNodeLive(id);
  if (!live) return null;
  const { status, seconds, tier } = live.state;
  const known = pinned && tier === "pinned" ? "pinned" : status;
  return (
    <span className={`sheet-status ${status}`}>
      {status === "done" ? duration(seconds ?? 0) : t(`state.${known}`)}
    </span>
  );
}

function sourceText(node: SceneNode, port: string, required: boolean): string {
  const links = linksOf(node.node.inputs[port]);
  if (links.length > 0) return links.join(", ");
  return t(required ? "inspector.needed" : "inspector.unconnected");
}

/** The first paragraph, without marks of code. */
function paragraph(help: string): string {
  return (help.split("\n\n", 1)[0] ?? "").replaceAll("\n", " ").replaceAll("`", "");
}
