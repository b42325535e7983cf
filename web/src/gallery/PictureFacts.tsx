/** What made a picture: graph, exact inputs, time; and ways on from it. */

import { Columns2, Download, RotateCcw } from "lucide-react";
import { useEffect } from "react";
import type { Run } from "../api/types";
import { openRun } from "../app/actions/past";
import { number, t, when } from "../app/i18n";
import { knowledge, useKnow } from "../app/knowledge";
import { said } from "../app/said";
import { duration } from "../canvas/NodeState";
import { isObject } from "../graph/json";
import { parseJson } from "../graph/parse";
import { publicFields } from "../panels/PublicFields";
import { compare, lookAway, type PictureRef } from "../values/looking";
import { plain } from "../values/PlainView";
import { address } from "../values/summary";
import { useLoaded } from "../values/useLoaded";
import { learnGraphs, useCollection } from "./collection";
import { inputsOf } from "./entries";
import { Stars } from "./Stars";

export function PictureFacts({ at, digest }: { readonly at: PictureRef; readonly digest: string }) {
  const loaded = useLoaded(at.run, () => runOf(at.run));
  const run = loaded.at === "here" ? loaded.value : null;
  return (
    <section className="picture-facts">
      {digest && <Stars digest={digest} />}
      {run && <RunWords run={run} link={at.link} />}
      <div className="picture-ways">
        <button type="button" className="button" onClick={() => void said(restore(at.run))}>
          <RotateCcw className="icon small" aria-hidden="true" />
          {t("gallery.restore")}
        </button>
        <button type="button" className="button" onClick={() => compare(at, null)}>
          <Columns2 className="icon small" aria-hidden="true" />
          {t("compare.with")}
        </button>
        <a className="button" href={address(at.run, at.link, "png", at.item)} download>
          <Download className="icon small" aria-hidden="true" />
          {t("value.download", { form: "PNG" })}
        </a>
      </div>
    </section>
  );
}

function RunWords({ run, link }: { readonly run: Run; readonly link: string }) {
  const doc = useCollection((state) => state.graphs.get(run.id));
  const know = useKnow();
  useEffect(() => void learnGraphs([run.id]), [run.id]);
  const given = parseJson(JSON.stringify(run.inputs));
  const fields = doc ? publicFields(know, doc) : [];
  const asked = doc ? inputsOf(doc, isObject(given) ? given : {}) : [];
  return (
    <>
      <h3>{run.name || t("bar.untitled")}</h3>
      <p className="quiet numbers">{factsOf(run, link).join(" · ")}</p>
      <dl className="asked">
        {asked.map(({ name, title, value }) => (
          <div key={name}>
            <dt>{title}</dt>
            <dd>{plain(value ?? fields.find((field) => field.name === name)?.port.default ?? null)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function factsOf(run: Run, link: string): readonly string[] {
  const seconds = run.started != null && run.finished != null ? [duration(run.finished - run.started)] : [];
  return [
    t("gallery.run", { number: number(run.number) }),
    when(run.created),
    ...seconds,
    link,
    ...(run.models ?? []),
  ];
}

async function runOf(id: string): Promise<Run | null> {
  return (await knowledge.getState().backend?.run(id)) ?? null;
}

async function restore(run: string): Promise<void> {
  await openRun(run);
  lookAway();
}
