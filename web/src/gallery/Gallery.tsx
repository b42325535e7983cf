/** All pictures that runs made, the newest first: searched, rated, compared, taken away. */

import { Columns2, FileArchive, Search, X } from "lucide-react";
import { useEffect, useMemo } from "react";
import { useStore } from "zustand/react";
import { connection, useRun } from "../app/following";
import { t, tn } from "../app/i18n";
import { said } from "../app/said";
import { compare } from "../values/looking";
import { chooseNone, learnGraphs, readOlder, refresh, useCollection } from "./collection";
import { type Entry, entriesOf, matches } from "./entries";
import { exportEntries } from "./exporting";
import { BEST, useRatings } from "./ratings";
import { refOf, Tile } from "./Tile";
import { useNear } from "./useNear";

export function Gallery() {
  useFresh();
  const { query, least, chosen } = useCollection();
  const { all, shown } = useShown();
  return (
    <section className="panel gallery" aria-label={t("rail.pictures")}>
      <h2>{t("rail.pictures")}</h2>
      <label className="search-field">
        <Search className="icon small" aria-hidden="true" />
        <input
          type="search"
          value={query}
          placeholder={t("gallery.search")}
          aria-label={t("gallery.search")}
          onChange={({ currentTarget }) => useCollection.setState({ query: currentTarget.value })}
        />
      </label>
      <div className="gallery-bar">
        <span className="quiet" role="status">
          {tn("gallery.pictures", shown.length)}
        </span>
        <select
          aria-label={t("gallery.least")}
          value={least}
          onChange={({ currentTarget }) => useCollection.setState({ least: Number(currentTarget.value) })}
        >
          <option value={0}>{t("gallery.any")}</option>
          {Array.from({ length: BEST }, (_, at) => at + 1).map((count) => (
            <option key={count} value={count}>
              {t("gallery.atLeast", { stars: "★".repeat(count) })}
            </option>
          ))}
        </select>
      </div>
      {chosen.size > 0 && <Chosen entries={all.filter(({ digest }) => chosen.has(digest))} />}
      <div className="gallery-scroll">
        <ul className="gallery-grid">
          {shown.map((entry, place) => (
            <Tile key={entry.digest} entry={entry} shown={shown} place={place} />
          ))}
        </ul>
        <End empty={all.length === 0} />
      </div>
    </section>
  );
}

function useShown(): { readonly all: readonly Entry[]; readonly shown: readonly Entry[] } {
  const { runs, graphs, query, least } = useCollection();
  const stars = useRatings((ratings) => ratings.stars);
  const all = useMemo(() => entriesOf([...runs.values()]), [runs]);
  const searching = query.trim() !== "";
  useEffect(() => {
    if (searching) void learnGraphs([...new Set(all.map(({ run }) => run.id))]);
  }, [searching, all]);
  const shown = useMemo(
    () =>
      all.filter(
        (entry) =>
          (stars[entry.digest] ?? 0) >= least && matches(entry, graphs.get(entry.run.id) ?? null, query),
      ),
    [all, graphs, query, least, stars],
  );
  return { all, shown };
}

/** Read anew whenever a run begins or ends. */
function useFresh(): void {
  const queued = useStore(connection, (state) => state.queued);
  const status = useRun()?.status;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the counts say when to ask again
  useEffect(() => void refresh(), [queued, status]);
}

function Chosen({ entries }: { readonly entries: readonly Entry[] }) {
  const pictures = entries.filter(({ kind }) => kind === "picture");
  const [a, b] = pictures;
  return (
    <div
      className="gallery-chosen"
      role="toolbar"
      aria-label={t("gallery.chosen", { count: entries.length })}
    >
      <span className="numbers">{t("gallery.chosen", { count: entries.length })}</span>
      <button type="button" className="button" onClick={() => void said(exportEntries(entries))}>
        <FileArchive className="icon small" aria-hidden="true" />
        {t("gallery.export")}
      </button>
      <button
        type="button"
        className="button"
        disabled={pictures.length !== 2}
        title={t("compare.two")}
        onClick={() => a && b && compare(refOf(a), refOf(b))}
      >
        <Columns2 className="icon small" aria-hidden="true" />
        {t("compare.start")}
      </button>
      <button type="button" className="icon-button" aria-label={t("gallery.none")} onClick={chooseNone}>
        <X className="icon small" />
      </button>
    </div>
  );
}

/** Older runs are read while the end of the list is in sight. */
function End({ empty }: { readonly empty: boolean }) {
  const { state, next, runs } = useCollection();
  const [end, near] = useNear<HTMLDivElement>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page that came may leave the end in sight
  useEffect(() => {
    if (near && runs.size < MOST) void readOlder();
  }, [near, state, runs]);
  return (
    <div ref={end} className="gallery-end quiet">
      {state === "failed" && t("gallery.failed")}
      {state === "reading" && t("value.loading")}
      {state === "read" && next === null && empty && t("gallery.empty")}
      {state === "read" && next !== null && (
        <button type="button" className="button" onClick={() => void readOlder()}>
          {t("gallery.older")}
        </button>
      )}
    </div>
  );
}

/** After so many runs a person says whether to go on. */
const MOST = 2000;
