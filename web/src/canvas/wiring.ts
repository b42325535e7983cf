/** What a dragged wire carries or wants, and what it may do where it is. */

import type { Wiring } from "../app/view";
import { inputOf, type PortType } from "../graph/catalog";
import { mayConnect, type PortAt, type Verdict } from "../graph/compat";
import type { Doc } from "../graph/document";
import type { Need } from "../graph/search";
import { type Knowledge, specOf } from "../graph/spec";
import { typesOf } from "../graph/types";

export function wiringType(know: Knowledge, doc: Doc, wiring: Wiring): PortType | null {
  const { from, side } = wiring;
  if (side === "output") return typesOf(know, doc).get(from.node)?.outputs.get(from.port) ?? null;
  return inputOf(specOf(know, doc, from.node), from.port)?.type ?? null;
}

export function needOf(know: Knowledge, doc: Doc, wiring: Wiring): Need | null {
  const type = wiringType(know, doc, wiring);
  if (!type) return null;
  return wiring.side === "output" ? { gives: type } : { takes: type };
}

/** The verdict on ending the wire at a port; null where both are of the same side. */
export function verdictAt(
  know: Knowledge,
  doc: Doc,
  wiring: Wiring,
  end: PortAt,
  side: "input" | "output",
): Verdict | null {
  if (side === wiring.side) return null;
  const [from, to] = side === "input" ? [wiring.from, end] : [end, wiring.from];
  return mayConnect(know, doc, from, to);
}
