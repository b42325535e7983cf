/** Two pictures side by side, each chosen from those that late runs made. */

import type { ReactNode } from "react";
import type { Run } from "../api/types";
import { number, t, when } from "../app/i18n";
import { knowledge } from "../app/knowledge";
import { entriesOf } from "../gallery/entries";
import { refOf } from "../gallery/Tile";
import { Dialog } from "../ui/Dialog";
import { Compared } from "./Compared";
import { compare, lookAway, type PictureRef, sameRef } from "./looking";
import { sightOf } from "./sight";
import { useLoaded } from "./useLoaded";

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
  readonly children: ReactNode;
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

function keyOf({ run, link, item }: PictureRef): string {
  return `${run} ${link} ${item}`;
}
