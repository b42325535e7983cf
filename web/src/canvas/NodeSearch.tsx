/** Which node comes here: limited to what fits where a wire was dropped. */

import { ArrowRight } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { join, place } from "../app/actions/build";
import { level } from "../app/desk";
import { t } from "../app/i18n";
import { useKnow } from "../app/knowledge";
import { scale } from "../app/scale";
import { useSettings } from "../app/settings";
import { scene } from "../app/stage";
import { type Asking, useView, view } from "../app/view";
import type { NodeSpec, PortType } from "../graph/catalog";
import type { PortAt } from "../graph/compat";
import { mayConnect } from "../graph/compat";
import { candidates, rank, searchNodes } from "../graph/search";
import type { Knowledge } from "../graph/spec";
import { NodeIcon } from "../ui/Icon";
import { Listbox } from "../ui/Listbox";
import { Swatch } from "../ui/Swatch";
import { focusOn } from "./keyboardNav";
import { spaced, typeName } from "./types";

/** A new node, or a socket that stands already (for those who wire by keyboard). */
interface Offer {
  readonly key: string;
  readonly spec: NodeSpec;
  readonly title: string;
  readonly port: string | null;
  readonly type: PortType | null;
  readonly socket: PortAt | null;
}

const WIDTH = 280;
const HEIGHT = 320;

export function NodeSearch() {
  const asking = useView((now) => now.asking);
  return asking ? <Asked key={`${asking.at.x} ${asking.at.y}`} asking={asking} /> : null;
}

function Asked({ asking }: { readonly asking: Asking }) {
  const know = useKnow();
  const recent = useSettings((settings) => settings.recent);
  const [query, setQuery] = useState("");
  const offers = useMemo(() => offersFor(know, asking, query, recent), [know, asking, query, recent]);
  useFocusBack();
  const size = scale();
  const left = Math.min(asking.screen.x / size, innerWidth / size - WIDTH - 8);
  const top = Math.min(asking.screen.y / size, innerHeight / size - HEIGHT - 34);
  const type = asking.need && ("gives" in asking.need ? asking.need.gives : asking.need.takes);
  return (
    <div
      role="dialog"
      aria-label={t("search.add")}
      className="node-search"
      style={{ left: Math.max(8, left), top: Math.max(8, top) }}
      onBlur={leaveOnBlur}
    >
      <Listbox
        label={t("search.add")}
        placeholder={t("search.add")}
        query={query}
        onQuery={setQuery}
        items={offers}
        keyOf={(offer) => offer.key}
        nothing={t("search.none")}
        onTake={(offer) => take(offer, asking)}
        onLeave={close}
        aside={
          type && (
            <span className="search-need">
              <Swatch type={type} />
              {t(asking.wiring?.side === "output" ? "search.accepts" : "search.gives", {
                type: typeName(type),
              })}
            </span>
          )
        }
        render={(offer) => <OfferView offer={offer} />}
      />
      <footer className="search-keys">
        <span className="kbd">↑↓</span> {t("search.choose")} <span className="kbd">↵</span>{" "}
        {t("search.insert")} <span className="kbd">esc</span> {t("search.cancel")}
      </footer>
    </div>
  );
}

function OfferView({ offer }: { readonly offer: Offer }) {
  return (
    <>
      <NodeIcon type={offer.spec.type} category={offer.spec.category} />
      <span className="offer-title">{offer.title}</span>
      {offer.socket && <span className="offer-port">{spaced(offer.socket.port)}</span>}
      {offer.type && (
        <>
          <ArrowRight className="icon small quiet" aria-hidden="true" />
          <Swatch type={offer.type} />
        </>
      )}
    </>
  );
}

function offersFor(
  know: Knowledge,
  asking: Asking,
  query: string,
  recent: readonly string[],
): readonly Offer[] {
  if (!asking.need) {
    return searchNodes(know.catalog, query, recent).map((spec) => ({
      key: spec.type,
      spec,
      title: spec.title,
      port: null,
      type: spec.outputs[0]?.type ?? null,
      socket: null,
    }));
  }
  const forwards = "gives" in asking.need;
  const nodes = candidates(know.catalog, asking.need).map(
    ({ spec, port, type }): Offer => ({
      key: spec.type,
      spec,
      title: spec.title,
      port,
      type: forwards ? (spec.outputs[0]?.type ?? null) : type,
      socket: null,
    }),
  );
  const sockets = asking.standing ? standing(know, asking) : [];
  return rank(
    query,
    [...sockets, ...nodes],
    (offer) => [offer.title, offer.spec.type],
    (offer) => (offer.socket ? 0.05 : 0),
  ).slice(0, 60);
}

/** Sockets that stand already and fit, nearest first. */
function standing(know: Knowledge, asking: Asking): readonly Offer[] {
  const { wiring } = asking;
  if (!wiring) return [];
  const doc = level();
  const near = [...scene().nodes.values()].sort((a, b) => far(a.box) - far(b.box));
  return near.slice(0, 40).flatMap((node) =>
    (wiring.side === "output" ? node.spec.inputs : node.spec.outputs).flatMap((port): Offer[] => {
      const socket = { node: node.id, port: port.name };
      const [from, to] = wiring.side === "output" ? [wiring.from, socket] : [socket, wiring.from];
      const exact = mayConnect(know, doc, from, to);
      if (!exact.ok || node.id === wiring.from.node) return [];
      const key = `${node.id}.${port.name}`;
      return [{ key, spec: node.spec, title: node.title, port: port.name, type: port.type, socket }];
    }),
  );

  function far(box: { readonly x: number; readonly y: number }): number {
    return Math.hypot(box.x - asking.at.x, box.y - asking.at.y);
  }
}

function take(offer: Offer, asking: Asking): void {
  close();
  const { wiring } = asking;
  if (!offer.socket) focusOn(place(offer, asking.at, wiring));
  else if (wiring?.side === "output") join(wiring.from, offer.socket);
  else if (wiring) join(offer.socket, wiring.from);
}

/** Who wired or placed by keyboard goes on where the search was begun, unless something else was reached. */
function useFocusBack(): void {
  const before = useRef(document.activeElement);
  useEffect(
    () => () => {
      const { current } = before;
      requestAnimationFrame(() => {
        if (document.activeElement === document.body && current instanceof HTMLElement) current.focus();
      });
    },
    [],
  );
}

function close(): void {
  view.setState({ asking: null });
}

function leaveOnBlur(event: React.FocusEvent<HTMLElement>): void {
  if (!event.currentTarget.contains(event.relatedTarget)) close();
}
