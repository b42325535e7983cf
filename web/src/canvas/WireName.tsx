/** A wire that is only named: a stub with its name at both ends. */

import type { Point } from "../graph/document";

const STUB = 16;
const GAP = 7;

export function WireName({
  name,
  start,
  end,
}: {
  readonly name: string;
  readonly start: Point;
  readonly end: Point;
}) {
  return (
    <>
      <Stub name={name} at={start} way={1} />
      <Stub name={name} at={end} way={-1} />
    </>
  );
}

function Stub({ name, at, way }: { readonly name: string; readonly at: Point; readonly way: 1 | -1 }) {
  const x = at.x + way * STUB;
  const path = `M${at.x} ${at.y}L${x} ${at.y}`;
  return (
    <>
      <path className="wire-hit react-flow__edge-interaction" d={path} />
      <path className="wire-line" d={path} />
      <circle className="wire-end" cx={x} cy={at.y} r={3} />
      <text className="wire-name" x={x + way * GAP} y={at.y + 4} textAnchor={way === 1 ? "start" : "end"}>
        {name}
      </text>
    </>
  );
}
