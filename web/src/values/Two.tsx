/** Two pictures compared: by a slider between them, by flicker, or by how far their pixels are apart. */

import { type KeyboardEvent, useEffect, useMemo, useState } from "react";
import type { Run } from "../api/types";
import { number, t, when } from "../app/i18n";
import { knowledge } from "../app/knowledge";
import { entriesOf } from "../gallery/entries";
import { refOf } from "../gallery/Tile";
import { Dialog } from "../ui/Dialog";
import { LookTools } from "./LookTools";
import { compare, lookAway, type PictureRef, sameRef } from "./looking";
import { painted } from "./paint";
import { Reading } from "./Reading";
import { difference, type Look, type Raster, rangeOf } from "./raster";
import { type Drawing, drawAt, Stage } from "./Stage";
import { sightOf } from "./sight";
import { useLoaded } from "./useLoaded";
import { type Spot, spotOf } from "./zoom";

const MODES = ["slide", "flicker", "difference"] as const;
type Mode = (typeof MODES)[number];

interface Candidate {
  readonly ref: PictureRef;
  readonly label: string;
}

export function Two({ a, b }: { readonly a: PictureRef; readonly b: PictureRef | null }) {
  const listed = useLoaded(`${a.run} ${a.link} ${a.item}`, () => candidates(a));
  const found = listed.at === "here" ? listed.value : [];
  const second = b ?? found.find(({ ref }) => !sameRef(ref, a))?.ref ?? null;
  const choices = [a, ...(second ? [second] : [])]
    .filter((ref) => !found.some((one) => sameRef(one.ref, ref)))
    .map((ref): Candidate => ({ ref, label: ref.link }))
    .concat(found);
  return (
    <Dialog label={t("compare.title")} full onClose={lookAway}>
      <div className="look">
        {second ? (
          <Beside key={`${keyOf(a)} ${keyOf(second)}`} a={a} b={second}>
            <Side name={t("compare.left")} at={a} choices={choices} onPick={(ref) => compare(ref, second)} />
            <Side name={t("compare.right")} at={second} choices={choices} onPick={(ref) => compare(a, ref)} />
          </Beside>
        ) : (
          <p className="look-nothing quiet">
            {t(listed.at === "loading" ? "value.loading" : "compare.nothing")}
          </p>
        )}
      </div>
    </Dialog>
  );
}

/** What it can be compared with: the same value of other runs of this graph, then every other picture of late runs. */
async function candidates(a: PictureRef): Promise<readonly Candidate[]> {
  const { backend } = knowledge.getState();
  if (!backend) return [];
  const [own, runs] = await Promise.all([backend.run(a.run), backend.runs()]);
  const alike = runs.filter(({ id, name, status }) => id !== a.run && name === own.name && status === "done");
  const same = [own, ...alike].map((run) => candidate(run, { ...a, run: run.id, digest: null }));
  const made = entriesOf(runs).filter(({ kind }) => kind === "picture");
  return [...same, ...made.map((entry) => candidate(entry.run, refOf(entry)))].filter(
    ({ ref }, place, all) => all.findIndex((one) => sameRef(one.ref, ref)) === place,
  );
}

function candidate(run: Run, ref: PictureRef): Candidate {
  const words = { number: number(run.number), when: when(run.created), link: ref.link };
  return { ref, label: t("compare.run", words) };
}

interface SideProps {
  readonly name: string;
  readonly at: PictureRef;
  readonly choices: readonly Candidate[];
  readonly onPick: (ref: PictureRef) => void;
}

function Side({ name, at, choices, onPick }: SideProps) {
  return (
    <label className="compare-side">
      <span>{name}</span>
      <select
        value={keyOf(at)}
        onChange={({ currentTarget }) => {
          const picked = choices.find(({ ref }) => keyOf(ref) === currentTarget.value);
          if (picked) onPick(picked.ref);
        }}
      >
        {choices.map(({ ref, label }) => (
          <option key={keyOf(ref)} value={keyOf(ref)}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

interface BesideProps {
  readonly a: PictureRef;
  readonly b: PictureRef;
  readonly children: React.ReactNode;
}

function Beside({ a, b, children }: BesideProps) {
  const loaded = useLoaded(`${keyOf(a)} ${keyOf(b)}`, () => Promise.all([sightOf(a), sightOf(b)]));
  const [left, right] =
    loaded.at === "here" ? loaded.value.map(({ colour, numbers }) => colour ?? numbers) : [];
  return left && right ? (
    <Compared left={left} right={right}>
      {children}
    </Compared>
  ) : (
    <>
      <p className="look-nothing quiet">
        {t(loaded.at === "loading" ? "value.loading" : loaded.at === "gone" ? "look.gone" : "look.failed")}
      </p>
      <aside className="look-side">{children}</aside>
    </>
  );
}

const FLICKER_MS = 500;
const GRIP = 0.015;

interface ComparedProps {
  readonly left: Raster;
  readonly right: Raster;
  readonly children: React.ReactNode;
}

function Compared({ left, right, children }: ComparedProps) {
  const [mode, setMode] = useState<Mode>("slide");
  const [part, setPart] = useState(0.5);
  const [second, setSecond] = useState(false);
  const [alone, setAlone] = useState(false);
  const [look, setLook] = useState<Look>({ channel: null, stops: 0 });
  const [spot, setSpot] = useState<Spot | null>(null);
  const apart = useMemo(() => difference(left, right), [left, right]);
  const drawn = useMemo(
    () => [left, right, apart].map((raster) => raster && painted(raster, look, rangeOf(raster, null, true))),
    [left, right, apart, look],
  );
  useEffect(() => {
    if (mode !== "flicker" || !alone) return;
    const timer = setInterval(() => setSecond((now) => !now), FLICKER_MS);
    return () => clearInterval(timer);
  }, [mode, alone]);

  function paint(drawing: Drawing) {
    const [first, other, both] = drawn;
    const top = mode === "difference" ? both : mode === "flicker" && second ? other : first;
    if (top) drawAt(drawing, top, left);
    if (mode === "slide" && other) wipe(drawing, other, left, part);
  }

  function type({ key }: KeyboardEvent): boolean {
    if (key !== " " || mode !== "flicker") return false;
    setSecond(!second);
    return true;
  }

  function drag(at: number, begins: boolean): boolean {
    if (mode !== "slide" || (begins && Math.abs(at - part) > GRIP)) return false;
    setPart(Math.min(1, Math.max(0, at)));
    return true;
  }

  return (
    <>
      <Stage
        picture={left}
        label={t("compare.title")}
        at={spot}
        onRead={setSpot}
        paint={paint}
        onKey={type}
        onDrag={drag}
      />
      <aside className="look-side">
        {children}
        <div className="segments" role="tablist" aria-label={t("compare.how")}>
          {MODES.map((one) => (
            <button
              key={one}
              type="button"
              role="tab"
              aria-selected={one === mode}
              onClick={() => setMode(one)}
            >
              {t(`compare.${one}`)}
            </button>
          ))}
        </div>
        {mode === "slide" && (
          <input
            type="range"
            min={0}
            max={1}
            step={0.01}
            value={part}
            aria-label={t("compare.slider")}
            onChange={({ currentTarget }) => setPart(Number(currentTarget.value))}
          />
        )}
        {mode === "flicker" && (
          <div className="compare-flicker">
            <button type="button" className="button" aria-pressed={second} onClick={() => setSecond(!second)}>
              {t(second ? "compare.right" : "compare.left")}
            </button>
            <label>
              <input
                type="checkbox"
                checked={alone}
                onChange={({ currentTarget }) => setAlone(currentTarget.checked)}
              />
              {t("compare.alone")}
            </label>
          </div>
        )}
        {mode === "difference" && (
          <p className="quiet">{apart ? t("compare.most", { most: most(apart) }) : t("compare.sizes")}</p>
        )}
        <LookTools look={look} onLook={setLook} channels={left.planes.length} coloured />
        <Reading at={spot} picture={left} raster={left} name={t("compare.left")} />
        <Reading at={spot} picture={left} raster={right} name={t("compare.right")} />
      </aside>
    </>
  );
}

/** The right picture from the line on, over the left one. */
function wipe(drawing: Drawing, other: CanvasImageSource, size: Raster, part: number): void {
  const { context, frame, zoom } = drawing;
  const line = part * frame.width;
  const { x } = spotOf(zoom, frame, { x: 0, y: 0 });
  context.save();
  context.beginPath();
  context.rect(Math.max(line, x), 0, frame.width, frame.height);
  context.clip();
  context.clearRect(0, 0, frame.width, frame.height);
  drawAt(drawing, other, size);
  context.restore();
  context.fillStyle = "#000";
  context.fillRect(line - 1.5, 0, 3, frame.height);
  context.fillStyle = "#fff";
  context.fillRect(line - 0.5, 0, 1, frame.height);
}

function most({ planes }: Raster): string {
  let top = 0;
  for (const plane of planes) for (const value of plane) if (value > top) top = value;
  return number(top, 4);
}

function keyOf({ run, link, item }: PictureRef): string {
  return `${run} ${link} ${item}`;
}
