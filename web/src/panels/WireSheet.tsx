/** One wire in the inspector: what flows through it. */

import { cutWires } from "../app/actions/build";
import { renameWire } from "../app/actions/route";
import { t } from "../app/i18n";
import { useScene } from "../app/stage";
import type { SceneWire } from "../canvas/scene";
import { spaced, typeName } from "../canvas/types";
import { Swatch } from "../ui/Swatch";
import { leave } from "../widgets/TextField";
import { WhatCameOut } from "./PortValues";

export function WireSheet({ wire }: { readonly wire: SceneWire }) {
  const { edge, type } = wire;
  const from = useScene((scene) => scene.nodes.get(edge.from)?.title ?? edge.from);
  const to = useScene((scene) => scene.nodes.get(edge.to)?.title ?? edge.to);
  const words = { source: `${from} ${spaced(edge.link.port)}`, target: `${to} ${spaced(edge.port)}` };
  return (
    <>
      <section className="sheet-head">
        <div className="sheet-title">
          <Swatch type={type} />
          <h1 className="wire-title">{typeName(type)}</h1>
        </div>
        <p>{t("value.from", words)}</p>
        {wire.look.name !== null && (
          <input
            aria-label={t("wire.name")}
            value={wire.look.name}
            spellCheck={false}
            onKeyDown={leave}
            onChange={(event) => renameWire(wire, event.currentTarget.value)}
          />
        )}
      </section>
      <section className={wire.colour}>
        <WhatCameOut node={edge.link.node} port={edge.link.port} item={edge.link.item} />
      </section>
      <section>
        <button type="button" className="button" onClick={() => cutWires(new Set([wire.id]))}>
          {t("command.disconnect")}
        </button>
      </section>
    </>
  );
}
