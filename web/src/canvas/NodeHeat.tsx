/** How warm a node is: a colour over it, the stronger the more it cost; the figure itself stands in its header. */

import { useHeat } from "../app/heat";

export function NodeHeat({ id }: { readonly id: string }) {
  const share = useHeat(id);
  return share === null ? null : (
    <span className="node-heat" style={{ opacity: heatOpacity(share) }} aria-hidden="true" />
  );
}

export function heatOpacity(share: number): number {
  return 0.06 + 0.44 * share;
}
