/** A type at a glance: its colour and its shape. */

import { shapeOf, typeClass } from "../canvas/types";
import type { PortType } from "../graph/catalog";

export function Swatch({ type }: { readonly type: PortType }) {
  return <span className={`swatch ${shapeOf(type)} ${typeClass(type)}`} aria-hidden="true" />;
}
