/** The lines that what is dragged stands in line with. */

import { ViewportPortal } from "@xyflow/react";
import { useView } from "../app/view";
import type { Guide } from "../graph/layout/guides";

export function Guides() {
  const guides = useView((view) => view.guides);
  return (
    <ViewportPortal>
      {guides.map((guide) => (
        <span key={guide.axis} className="guide" style={placeOf(guide)} />
      ))}
    </ViewportPortal>
  );
}

function placeOf({ axis, at, from, to }: Guide) {
  return axis === "x"
    ? { transform: `translate(${at}px, ${from}px)`, height: to - from, width: 1 }
    : { transform: `translate(${from}px, ${at}px)`, width: to - from, height: 1 };
}
