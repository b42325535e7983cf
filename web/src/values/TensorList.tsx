/** The tensors of a value: figures at once, and drawn when the numbers are here. */

import { ask, askBytes } from "../api/http";
import { number, t } from "../app/i18n";
import { isList, isObject, type Json } from "../graph/json";
import { parseJson } from "../graph/parse";
import { Bars } from "./Bars";
import { type Histogram, histogram, readHistograms } from "./measure";
import { readTensors, type Tensor } from "./safetensors";
import { LARGE, tensorBytes } from "./sight";
import { address, fetchJson, type Item, type TensorFacts } from "./summary";
import { useLoaded } from "./useLoaded";
import { Vectors } from "./Vectors";

interface Props {
  readonly run: string;
  readonly link: string;
  readonly item: Item;
  readonly made: string;
}

const BINS = 48;

export function TensorList({ run, link, item: { type, tensors }, made }: Props) {
  const size = tensorBytes(tensors);
  const large = size > LARGE;
  const loaded = useLoaded(`${link} ${made} ${large}`, async () =>
    large ? [] : readTensors(await askBytes(address(run, link, "safetensors"))),
  );
  const counted = useLoaded(`${link} ${made} ${large}`, async () =>
    large
      ? readHistograms(parseJson(await ask(address(run, link, "histogram"))))
      : new Map<string, Histogram>(),
  );
  const named = useLoaded(`${link} ${made} ${type}`, async () =>
    type === "Embedding" ? namesIn(await fetchJson(run, link)) : [],
  );
  const names = named.at === "here" ? named.value : [];
  const found = loaded.at === "here" ? loaded.value : [];
  return (
    <>
      {tensors.map((facts) => (
        <TensorFigures
          key={facts.name}
          facts={facts}
          names={names}
          tensor={found.find(({ name }) => name === facts.name) ?? null}
          counted={counted.at === "here" ? (counted.value.get(facts.name) ?? null) : null}
        />
      ))}
      {large && <p className="quiet">{t("value.large", { size: number(size / 2 ** 20) })}</p>}
    </>
  );
}

function namesIn(fields: Json): readonly string[] {
  const names = isObject(fields) && isList(fields.names) ? fields.names : [];
  return names.map((name) => (typeof name === "string" ? name : ""));
}

interface FiguresProps {
  readonly facts: TensorFacts;
  /** What each vector is of, where the value says so. */
  readonly names: readonly string[];
  readonly tensor: Tensor | null;
  /** As the server counted, where the numbers are too many to be here. */
  readonly counted: Histogram | null;
}

function TensorFigures({ facts, names, tensor, counted }: FiguresProps) {
  const { name, dtype, shape } = facts;
  return (
    <section className="tensor" aria-label={name}>
      <h3>
        <span>{name.replaceAll("_", " ")}</span>
        <span className="numbers quiet" title={t("value.kept")}>
          {t("value.tensor", { shape: shape.join(" × "), type: dtype })}
        </span>
      </h3>
      {tensor && tensor.values.length > 1 && <Spread name={name} spread={histogram(tensor.values, BINS)} />}
      {counted && <Spread name={name} spread={counted} />}
      <dl className="figures numbers">
        {(["min", "mean", "max", "std"] as const).map((key) => (
          <Figure key={key} name={t(`value.${key}`)} text={figure(facts[key])} bad={false} />
        ))}
        <Figure name={t("value.nan")} text={number(facts.nan)} bad={facts.nan > 0} />
        <Figure name={t("value.inf")} text={number(facts.inf)} bad={facts.inf > 0} />
      </dl>
      {tensor && <Vectors tensor={tensor} names={names} />}
    </section>
  );
}

function Spread({ name, spread }: { readonly name: string; readonly spread: Histogram }) {
  const { counts, min, max } = spread;
  const words = { name, min: number(min, 3), max: number(max, 3) };
  return (
    <div className="spread">
      <Bars values={counts} label={t("value.histogram", words)} />
      <p className="numbers quiet">
        <span>{words.min}</span>
        <span>{words.max}</span>
      </p>
    </div>
  );
}

function Figure({
  name,
  text,
  bad,
}: {
  readonly name: string;
  readonly text: string;
  readonly bad: boolean;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={bad ? "bad" : undefined}>{text}</dd>
    </div>
  );
}

export function figure(value: number | null): string {
  return value === null ? "–" : number(value, Math.abs(value) >= 100 ? 1 : 3);
}
