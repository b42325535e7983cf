/** Put boxes in line, or the same room between them. */

import type { Box, Point, Table } from "../document";
import { boundsOf } from "../edit/marks";

export type Side = "left" | "right" | "top" | "bottom";

export function aligned(boxes: Table<Box>, side: Side): Table<Point> {
  const bounds = boundsOf(Object.values(boxes));
  if (!bounds) return {};
  const place: Readonly<Record<Side, (box: Box) => Point>> = {
    left: ({ y }) => ({ x: bounds.x, y }),
    right: ({ y, width }) => ({ x: bounds.x + bounds.width - width, y }),
    top: ({ x }) => ({ x, y: bounds.y }),
    bottom: ({ x, height }) => ({ x, y: bounds.y + bounds.height - height }),
  };
  return Object.fromEntries(Object.entries(boxes).map(([id, box]) => [id, place[side](box)]));
}

/** The first and the last stay; what is between gets the same room. */
export function distributed(boxes: Table<Box>, axis: "x" | "y"): Table<Point> {
  const size = axis === "x" ? "width" : "height";
  const row = Object.entries(boxes).sort(([, a], [, b]) => a[axis] - b[axis]);
  const [first, last] = [row[0]?.[1], row.at(-1)?.[1]];
  if (!first || !last || row.length < 3) return {};
  const filled = row.reduce((sum, [, box]) => sum + box[size], 0);
  const room = (last[axis] + last[size] - first[axis] - filled) / (row.length - 1);
  let next = first[axis];
  const places = row.map(([id, box]): [string, Point] => {
    const place = { x: box.x, y: box.y, [axis]: next };
    next += box[size] + room;
    return [id, place];
  });
  return Object.fromEntries(places);
}
