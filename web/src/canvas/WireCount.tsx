/** How many items a list wire carried in the run that is shown. */

import { useNodeLive } from "../app/following";
import { number } from "../app/i18n";
import type { Point } from "../graph/document";
import { middleOf, type WireStyle } from "../graph/layout/route";
import type { Link } from "../graph/link";

interface Props {
  readonly link: Link;
  readonly style: WireStyle;
  readonly stops: readonly Point[];
}

export function WireCount({ link, style, stops }: Props) {
  const made = useNodeLive(link.node)?.state.outputs?.[link.port];
  const at = Array.isArray(made) ? middleOf(style, stops)?.point : null;
  if (!Array.isArray(made) || !at) return null;
  const text = `× ${number(made.length)}`;
  const width = 14 + text.length * 6.5;
  return (
    <g className="wire-count">
      <rect x={at.x - width / 2} y={at.y - 9} width={width} height={18} rx={9} />
      <text x={at.x} y={at.y + 4} textAnchor="middle">
        {text}
      </text>
    </g>
  );
}
