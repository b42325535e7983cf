/** The outputs of a node in the inspector: each opens to what came out of it. */

import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { useLiveSound, useNodeLive, useRun, useRunId } from "../app/following";
import { t } from "../app/i18n";
import { prefix } from "../app/stage";
import { useView } from "../app/view";
import type { SceneNode } from "../canvas/scene";
import { spaced, typeClass, typeName } from "../canvas/types";
import type { OutputSpec } from "../graph/catalog";
import { portLink } from "../graph/link";
import type { NodeLive } from "../live/runStore";
import { Swatch } from "../ui/Swatch";
import { LiveSoundView } from "../values/LiveSound";
import { AnyValue } from "./AnyValue";
import { AsResult } from "./Public";

export function PortValues({ node }: { readonly node: SceneNode }) {
  const asked = useView((view) => view.port);
  const first = node.spec.outputs[0]?.name;
  return (
    <section>
      <h2>{t("inspector.outputs")}</h2>
      {node.spec.outputs.map((port) => (
        <PortValue
          key={`${node.id} ${port.name} ${asked === portLink(node.id, port.name)}`}
          node={node.id}
          port={port}
          open={asked === null ? port.name === first : asked === portLink(node.id, port.name)}
        />
      ))}
    </section>
  );
}

interface Props {
  readonly node: string;
  readonly port: OutputSpec;
  readonly open: boolean;
}

function PortValue({ node, port, open }: Props) {
  const [shown, setShown] = useState(open);
  return (
    <details className="port-value" open={shown} onToggle={(event) => setShown(event.currentTarget.open)}>
      <summary>
        <ChevronDown className="icon small" aria-hidden="true" />
        <Swatch type={port.type} />
        <span>{spaced(port.name)}</span>
        <span className="quiet">{typeName(port.type)}</span>
      </summary>
      {shown && (
        <div className={typeClass(port.type)}>
          <AsResult node={node} port={port.name} />
          <WhatCameOut node={node} port={port.name} item={null} />
        </div>
      )}
    </details>
  );
}

interface Place {
  readonly node: string;
  readonly port: string;
  readonly item: number | null;
}

/** What came out of a port of this level in the run that is shown. */
export function WhatCameOut({ node, port, item }: Place) {
  const id = useRunId();
  const run = useRun();
  const live = useNodeLive(node);
  const sound = useLiveSound(node);
  if (id === null || !run) return <p className="quiet">{t("value.noRun")}</p>;
  const made = live?.state.outputs?.[port];
  const told = made === undefined ? `${id} ${run.status} ${live?.state.status ?? ""}` : String(made);
  const status = live?.state.status;
  if (made === undefined && sound && status === "running") return <LiveSoundView sound={sound} />;
  if (made === undefined && live?.url) return <LivePicture live={live} url={live.url} />;
  if (made === undefined && live?.words) return <pre className="value-text">{live.words}</pre>;
  if (made === undefined && (status === "running" || status === "blocked" || status === "failed")) {
    return <p className="quiet">{t("value.notMade")}</p>;
  }
  const link = portLink(prefix() + node, port) + (item === null ? "" : `[${item}]`);
  return <AnyValue run={id} link={link} made={told} />;
}

/** What a node is at, while it works. */
function LivePicture({ live, url }: { readonly live: NodeLive; readonly url: string }) {
  const { progress } = live;
  return (
    <figure className="value-picture">
      <img src={url} alt={t("value.preview")} />
      {progress && (
        <figcaption className="quiet numbers">{`${progress.step} / ${progress.total}`}</figcaption>
      )}
    </figure>
  );
}
