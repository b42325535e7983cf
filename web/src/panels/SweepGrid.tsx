/** The cells of a sweep as they come: values above and at the left, pictures where they meet. */

import { useEffect, useState } from "react";
import { type AxisOf, type Cell, cancelSweep, cellsOf } from "../api/sweeps";
import { openRun } from "../app/actions/past";
import { t } from "../app/i18n";
import { said } from "../app/said";
import { compact } from "../graph/canonical";
import type { Json } from "../graph/json";
import { compare, type PictureRef } from "../values/looking";
import { address } from "../values/summary";

interface Props {
  readonly sweep: string;
  readonly axes: readonly AxisOf[];
  readonly onFault: (text: string) => void;
}

const EVERY_MS = 1000;
const ENDED = new Set(["done", "failed", "cancelled"]);

export function SweepGrid({ sweep, axes, onFault }: Props) {
  const cells = useCells(sweep, onFault);
  const [picked, setPicked] = useState<Cell | null>(null);
  const pick = (cell: Cell) => setPicked(comparedWith(picked, cell));
  const across = axes.at(-1);
  const down = axes.length > 1 ? axes[0] : undefined;
  if (!across) return null;
  const done = cells.filter(({ status }) => ENDED.has(status)).length;
  const all = across.values.length * (down?.values.length ?? 1);
  const rows: readonly (Json | null)[] = down?.values ?? [null];
  return (
    <>
      <p className="sweep-state numbers" role="status">
        {t("sweep.cells", { done, all })}
        {done < all && (
          <button type="button" className="button" onClick={() => void said(cancelSweep(sweep))}>
            {t("sweep.cancel")}
          </button>
        )}
      </p>
      <div className="sweep-grid">
        <table>
          <thead>
            <tr>
              {down && <th scope="col">{`${down.input} \\ ${across.input}`}</th>}
              {across.values.map((value) => (
                <th key={compact(value)} scope="col">
                  {plain(value)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, y) => (
              <tr key={compact(row)}>
                {down && <th scope="row">{plain(row)}</th>}
                {across.values.map((value, x) => (
                  <td key={compact(value)}>
                    <CellView
                      cell={cells.find(({ index }) => index === y * across.values.length + x)}
                      picked={picked}
                      onPick={pick}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** The second cell that is picked is compared with the first. */
function comparedWith(first: Cell | null, cell: Cell): Cell | null {
  const [a, b] = [first && cellRef(first), cellRef(cell)];
  if (!a || !b) return cell;
  if (first?.run !== cell.run) compare(a, b);
  return null;
}

function cellRef({ run, picture }: Cell): PictureRef | null {
  return picture === null ? null : { run, link: picture, item: 0, digest: null };
}

interface CellProps {
  readonly cell: Cell | undefined;
  readonly picked: Cell | null;
  readonly onPick: (cell: Cell) => void;
}

function CellView({ cell, picked, onPick }: CellProps) {
  if (!cell) return null;
  if (cell.status !== "done" || cell.picture === null) {
    return <span className="quiet">{cell.message ?? t("state.waiting")}</span>;
  }
  return (
    <>
      <button type="button" title={t("sweep.open")} onClick={() => void said(openRun(cell.run))}>
        <img src={address(cell.run, cell.picture, "png")} alt={t("value.of", { link: cell.picture })} />
      </button>
      <label className="sweep-pick">
        <input type="checkbox" checked={picked?.run === cell.run} onChange={() => onPick(cell)} />
        {t("compare.with")}
      </label>
    </>
  );
}

function useCells(sweep: string, onFault: (text: string) => void): readonly Cell[] {
  const [cells, setCells] = useState<readonly Cell[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again and again for one sweep
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let wanted = true;
    const ask = async () => {
      const found = await cellsOf(sweep).catch((error: unknown) => {
        onFault(String(error));
        return [];
      });
      if (!wanted) return;
      setCells(found);
      if (found.some(({ status }) => !ENDED.has(status))) timer = setTimeout(() => void ask(), EVERY_MS);
    };
    void ask();
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [sweep]);
  return cells;
}

function plain(value: Json): string {
  return typeof value === "string" ? value : compact(value);
}
