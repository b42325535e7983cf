/** Numbers in rows and columns as a picture; each can be read, by pointer and by arrow keys. */

import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { diverging } from "./colours";

interface Props {
  readonly values: readonly (readonly number[])[];
  readonly label: string;
  /** What the strongest colours stand for. */
  readonly most: number;
  /** What is said of one number. */
  readonly say: (row: number, column: number, value: number) => string;
}

interface Cell {
  readonly row: number;
  readonly column: number;
}

export function Matrix({ values, label, most, say }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [at, setAt] = useState<Cell | null>(null);
  const [rows, columns] = [values.length, values[0]?.length ?? 0];
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || rows * columns === 0) return;
    const picture = context.createImageData(columns, rows);
    values.forEach((row, y) => {
      row.forEach((value, x) => {
        picture.data.set([...diverging(value / most), 255], (y * columns + x) * 4);
      });
    });
    context.putImageData(picture, 0, 0);
  }, [values, rows, columns, most]);

  function point({ nativeEvent, currentTarget }: PointerEvent<HTMLElement>) {
    const row = Math.floor((nativeEvent.offsetY / currentTarget.clientHeight) * rows);
    const column = Math.floor((nativeEvent.offsetX / currentTarget.clientWidth) * columns);
    if (row >= 0 && row < rows && column >= 0 && column < columns) setAt({ row, column });
  }

  function type(event: KeyboardEvent) {
    const by = ARROWS[event.key];
    if (!by) return;
    event.preventDefault();
    const { row, column } = at ?? { row: -by.row, column: -by.column };
    setAt({ row: clamp(row + by.row, rows), column: clamp(column + by.column, columns) });
  }

  const value = at && values[at.row]?.[at.column];
  return (
    <figure className="matrix">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys read the numbers */}
      <div role="application" tabIndex={0} aria-label={label} onKeyDown={type} onPointerMove={point}>
        <canvas ref={canvas} width={columns} height={rows} style={{ aspectRatio: shape(columns, rows) }} />
      </div>
      <figcaption className="quiet numbers" role="status">
        {at && value != null ? say(at.row, at.column, value) : label}
      </figcaption>
    </figure>
  );
}

const ARROWS: Readonly<Record<string, Cell>> = {
  ArrowLeft: { row: 0, column: -1 },
  ArrowRight: { row: 0, column: 1 },
  ArrowUp: { row: -1, column: 0 },
  ArrowDown: { row: 1, column: 0 },
};

function clamp(value: number, length: number): number {
  return Math.min(length - 1, Math.max(0, value));
}

/** As wide as high for each number, but neither a thread nor a tower. */
function shape(columns: number, rows: number): number {
  return Math.min(8, Math.max(0.5, columns / rows));
}
