/** Attention over the picture: one map for each word, by step, layer and head. */

import { useEffect, useMemo, useRef, useState } from "react";
import { askBytes } from "../api/http";
import { pictureOf } from "../api/sweeps";
import { number, t } from "../app/i18n";
import { knowledge } from "../app/knowledge";
import { parseJson } from "../graph/parse";
import {
  type Choice,
  countOf,
  EVERYTHING,
  type Heat,
  heatOf,
  type Maps,
  mapsOf,
  shares,
  type Word,
} from "./attention";
import { heat } from "./colours";
import { ItemPicker } from "./ItemPicker";
import { readTensors } from "./safetensors";
import { address, fetchJson, type Item } from "./summary";
import { useLoaded } from "./useLoaded";

interface Props {
  readonly run: string;
  readonly link: string;
  readonly made: string;
}

interface Attention {
  readonly maps: Maps;
  readonly picture: ImageBitmap | null;
}

const LARGEST = 2 ** 26; // numbers that are read here

/** Whether a value holds maps that are few enough to be shown here. */
export function showsAttention({ type, tensors }: Item): boolean {
  return type === "AttentionMaps" && countOf(tensors.map(({ shape }) => shape)) <= LARGEST;
}

export function AttentionView({ run, link, made }: Props) {
  const loaded = useLoaded(`${link} ${made}`, () => attentionOf(run, link));
  if (loaded.at === "here" && loaded.value) return <Shown attention={loaded.value} />;
  return <p className="quiet">{t(loaded.at === "loading" ? "value.loading" : "attention.none")}</p>;
}

async function attentionOf(run: string, link: string): Promise<Attention | null> {
  const [bytes, fields, picture] = await Promise.all([
    askBytes(address(run, link, "safetensors")),
    fetchJson(run, link),
    pictureIn(run).catch(() => null),
  ]);
  const maps = mapsOf(fields, readTensors(bytes));
  return maps && { maps, picture };
}

/** What the run made, to look at the maps over it. */
async function pictureIn(id: string): Promise<ImageBitmap | null> {
  const run = await knowledge.getState().backend?.run(id);
  const link = pictureOf(parseJson(JSON.stringify(run?.outputs ?? {})));
  if (link === null) return null;
  return createImageBitmap(new Blob([await askBytes(address(id, link, "png"))], { type: "image/png" }));
}

function Shown({ attention: { maps, picture } }: { readonly attention: Attention }) {
  const { words, layers, steps } = maps;
  const [choice, setChoice] = useState<Choice>(EVERYTHING);
  const [at, setAt] = useState(0);
  const [mix, setMix] = useState(0.7);
  const word = words[at] ?? words[0];
  const map = useMemo(() => (word ? heatOf(maps, choice, word) : null), [maps, choice, word]);
  const parts = useMemo(() => shares(maps, choice), [maps, choice]);
  if (!map || !word) return null;
  const most = map.values.reduce((top, value) => Math.max(top, value), 0);
  const label = t("attention.of", { word: word.text, most: number(most, 4) });
  const [, batch] = layers[0]?.shape ?? [0, 1];
  const seen = choice.layer === null ? layers : layers.slice(choice.layer, choice.layer + 1);
  const heads = Math.max(...seen.map(({ shape }) => shape[2]));
  return (
    <figure className="attention">
      <Over heat={map} most={most} picture={picture} mix={mix} label={label} />
      <figcaption className="quiet numbers" role="status">
        {label}
      </figcaption>
      <Words words={words} parts={parts} at={at} onWord={setAt} />
      <Axis
        name={t("attention.step")}
        names={steps.map((step) => number(step + 1))}
        at={choice.step}
        onAt={(step) => setChoice({ ...choice, step })}
      />
      <Axis
        name={t("attention.layer")}
        names={layers.map(({ name }) => shortName(name))}
        at={choice.layer}
        onAt={(layer) => setChoice({ ...choice, layer })}
      />
      <Axis
        name={t("attention.head")}
        names={Array.from({ length: heads }, (_, head) => number(head + 1))}
        at={choice.head}
        onAt={(head) => setChoice({ ...choice, head })}
      />
      {batch > 1 && (
        <ItemPicker
          at={choice.picture}
          all={batch}
          onPick={(one) => setChoice({ ...choice, picture: one })}
        />
      )}
      {picture && (
        <label className="attention-axis">
          <span>{t("attention.mix")}</span>
          <input
            type="range"
            min={0}
            max={1}
            step={0.05}
            value={mix}
            onChange={({ currentTarget }) => setMix(Number(currentTarget.value))}
          />
          <span className="numbers">{`${number(mix * 100)} %`}</span>
        </label>
      )}
    </figure>
  );
}

/** `up.1.attentions.0.transformer_blocks.0.attn2`: what is the same in all of them says nothing. */
function shortName(name: string): string {
  return name
    .replace(/\.transformer_blocks\.\d+\.attn2.*$/, "")
    .replace("_blocks", "")
    .replace(".attentions", "");
}

interface WordsProps {
  readonly words: readonly Word[];
  readonly parts: readonly number[];
  readonly at: number;
  readonly onWord: (at: number) => void;
}

/** Each word, with a line below it as long as its part of the attention. */
function Words({ words, parts, at, onWord }: WordsProps) {
  const top = Math.max(...parts, Number.MIN_VALUE);
  return (
    <ul className="attention-words" aria-label={t("attention.words")}>
      {words.map(({ text, token }, place) => (
        <li key={token}>
          <button
            type="button"
            aria-pressed={place === at}
            title={t("attention.share", { part: number(parts[place] ?? 0, 4) })}
            onClick={() => onWord(place)}
          >
            {text}
            <span className="attention-part" style={{ width: `${((parts[place] ?? 0) / top) * 100}%` }} />
          </button>
        </li>
      ))}
    </ul>
  );
}

interface AxisProps {
  readonly name: string;
  readonly names: readonly string[];
  readonly at: number | null;
  readonly onAt: (at: number | null) => void;
}

/** One of several, or at the left end the mean of all. */
function Axis({ name, names, at, onAt }: AxisProps) {
  if (names.length < 2) return null;
  const words = at === null ? t("attention.all") : (names[at] ?? "");
  return (
    <label className="attention-axis">
      <span>{name}</span>
      <input
        type="range"
        min={-1}
        max={names.length - 1}
        value={at ?? -1}
        aria-valuetext={words}
        onChange={({ currentTarget: { value } }) => onAt(Number(value) < 0 ? null : Number(value))}
      />
      <span className="numbers" title={words}>
        {words}
      </span>
    </label>
  );
}

interface OverProps {
  readonly heat: Heat;
  readonly most: number;
  readonly picture: ImageBitmap | null;
  readonly mix: number;
  readonly label: string;
}

const SIDE = 512;

function Over({ heat: { height, width, values }, most, picture, mix, label }: OverProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = picture ?? { width, height };
  const scale = SIDE / Math.max(size.width, size.height);
  const [across, down] = [Math.round(size.width * scale), Math.round(size.height * scale)];
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    context.globalAlpha = 1;
    context.imageSmoothingEnabled = false;
    context.filter = "grayscale(1)";
    if (picture) context.drawImage(picture, 0, 0, across, down);
    context.filter = "none";
    context.globalAlpha = picture ? mix : 1;
    context.imageSmoothingEnabled = true;
    context.drawImage(heated(values, width, height, most), 0, 0, across, down);
  }, [values, most, width, height, picture, mix, across, down]);
  return <canvas ref={canvas} width={across} height={down} role="img" aria-label={label} />;
}

function heated(values: Float32Array, width: number, height: number, most: number): OffscreenCanvas {
  const small = new OffscreenCanvas(width, height);
  const pixels = new ImageData(width, height);
  values.forEach((value, at) => {
    pixels.data.set([...heat(most > 0 ? value / most : 0), 255], at * 4);
  });
  small.getContext("2d")?.putImageData(pixels, 0, 0);
  return small;
}
