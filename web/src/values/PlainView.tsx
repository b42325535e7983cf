/** What is no tensor: a number, a table, or what is inside, to be opened part by part. */

import { number, t } from "../app/i18n";
import { compact } from "../graph/canonical";
import { isList, isObject, type Json, type JsonObject } from "../graph/json";
import { Matrix } from "./Matrix";
import { NoiseCurve } from "./NoiseCurve";
import { fetchJson, type Item } from "./summary";
import { type Scores, scoresOf, type Table, tableOf } from "./table";
import { useLoaded } from "./useLoaded";

interface Props {
  readonly run: string;
  readonly link: string;
  readonly made: string;
  readonly item: Item;
}

/** A summary holds short values only; the rest is asked for. */
export function PlainView({ run, link, made, item }: Props) {
  const whole = item.value !== null || !item.views.has("json") || item.type === "None";
  const loaded = useLoaded(`${link} ${made} ${whole}`, async () =>
    whole ? item.value : fetchJson(run, link),
  );
  if (loaded.at === "here") {
    return (
      <>
        {item.type === "Denoiser" && <NoiseCurve fields={loaded.value} />}
        <Plain value={loaded.value} />
      </>
    );
  }
  return loaded.at === "loading" ? <p className="quiet">{t("value.loading")}</p> : null;
}

function Plain({ value }: { readonly value: Json }) {
  const scores = scoresOf(value);
  const table = tableOf(value);
  if (table) {
    return (
      <>
        {scores && <ScoresView scores={scores} />}
        <TableView table={table} />
      </>
    );
  }
  if (isBranch(value)) return <Parts value={value} />;
  return value === null ? null : <p className="value-plain">{plain(value)}</p>;
}

function ScoresView({ scores: { rows, columns, matrix } }: { readonly scores: Scores }) {
  const most = Math.max(...matrix.flat().filter(Number.isFinite).map(Math.abs), Number.MIN_VALUE);
  return (
    <Matrix
      values={matrix}
      most={most}
      label={t("value.matrix", { most: number(most, 3) })}
      say={(row, column, value) =>
        t("value.like", { a: rows[row] ?? row, b: columns[column] ?? column, value: number(value, 4) })
      }
    />
  );
}

const MOST = 500;

function TableView({ table: { columns, rows } }: { readonly table: Table }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls is reached by the keyboard
    <section className="value-table" tabIndex={0} aria-label={t("value.table")}>
      <table className="numbers">
        <thead>
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col">
                <span title={name}>{name.replaceAll("_", " ")}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST).map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows are known by their place
            <tr key={at}>
              {columns.map((name, column) => (
                <td key={name}>{plain(row[column] ?? null)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > MOST && (
        <p className="quiet">{t("value.more", { count: number(rows.length - MOST) })}</p>
      )}
    </section>
  );
}

/** Short entries as they are, longer ones to be opened. */
function Parts({ value }: { readonly value: JsonObject | readonly Json[] }) {
  const entries: readonly [string, Json][] = Object.entries(value);
  const shown = entries.slice(0, MOST);
  if (entries.length === 0) return null;
  return (
    <>
      <dl className="parts numbers">
        {shown.map(([name, one]) =>
          isBranch(one) ? null : (
            <div key={name}>
              <dt>{name.replaceAll("_", " ")}</dt>
              <dd>{plain(one)}</dd>
            </div>
          ),
        )}
      </dl>
      {shown.map(([name, one]) =>
        isBranch(one) && Object.keys(one).length > 0 ? (
          <details key={name} className="value-part">
            <summary>
              {name.replaceAll("_", " ")} <span className="quiet numbers">{Object.keys(one).length}</span>
            </summary>
            <Plain value={one} />
          </details>
        ) : null,
      )}
      {entries.length > MOST && (
        <p className="quiet">{t("value.more", { count: number(entries.length - MOST) })}</p>
      )}
    </>
  );
}

function isBranch(value: Json): value is JsonObject | readonly Json[] {
  return isObject(value) || isList(value);
}

/** A value in one line; a number as the document has it. */
export function plain(value: Json): string {
  if (value === null || value === "") return "–";
  if (typeof value === "boolean") return t(value ? "field.on" : "field.off");
  if (typeof value === "number") return number(value, 4);
  return typeof value === "string" ? value : compact(value);
}
