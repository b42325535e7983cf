/** Attention over the picture: one map for each word, by step, layer and head. */

import { useEffect, useMemo, useRef, useState } from "react";
import { askBytes } from "../api/http";
import { pictureOf } from "../api/sweeps";
import { number, t } from "../app/i18n";
import { knowledge } from "../app/knowledge";
import { parseJson } from "../graph/parse";
import { type Choice, EVERYTHING, type Maps, mapOf, mapsOf, shares, sizesOf, wordsOf } from "./attention";
import { heat } from "./colours";
import { readTensors } from "./safetensors";
import { address, fetchJson, type Item, type TensorFacts } from "./summary";
import { useLoaded } from "./useLoaded";

interface Props {
  readonly run: string;
  readonly link: string;
  readonly made: string;
  readonly tensor: TensorFacts;
}

interface Attention {
  readonly maps: Maps;
  readonly words: readonly string[];
  readonly picture: ImageBitmap | null;
}

const LARGEST = 2 ** 25;

/** The tensor of a value that holds maps, if one does, and they are few enough to be shown here. */
export function attentionIn({ tensors }: Item): TensorFacts | null {
  return (
    tensors.find(
      ({ shape }) => sizesOf(shape) !== null && shape.reduce((product, size) => product * size, 1) <= LARGEST,
    ) ?? null
  );
}

export function AttentionView({ run, link, made, tensor }: Props) {
  const loaded = useLoaded(`${link} ${made}`, () => attentionOf(run, link, tensor.name));
  if (loaded.at === "here" && loaded.value) return <Shown attention={loaded.value} />;
  return loaded.at === "loading" ? <p className="quiet">{t("value.loading")}</p> : null;
}

async function attentionOf(run: string, link: string, name: string): Promise<Attention | null> {
  const [bytes, fields, picture] = await Promise.all([
    askBytes(address(run, link, "safetensors")),
    fetchJson(run, link).catch(() => null),
    pictureIn(run).catch(() => null),
  ]);
  const tensor = readTensors(bytes).find((one) => one.name === name);
  const maps = tensor ? mapsOf(tensor) : null;
  return maps && { maps, words: wordsOf(fields, maps.words), picture };
}

/** What the run made, to look at the maps over it. */
async function pictureIn(id: string): Promise<ImageBitmap | null> {
  const run = await knowledge.getState().backend?.run(id);
  const link = pictureOf(parseJson(JSON.stringify(run?.outputs ?? {})));
  if (link === null) return null;
  return createImageBitmap(new Blob([await askBytes(address(id, link, "png"))], { type: "image/png" }));
}

function Shown({ attention: { maps, words, picture } }: { readonly attention: Attention }) {
  const [choice, setChoice] = useState<Choice>(EVERYTHING);
  const [word, setWord] = useState(0);
  const [mix, setMix] = useState(0.7);
  const map = useMemo(() => mapOf(maps, choice, word), [maps, choice, word]);
  const parts = useMemo(() => shares(maps, choice), [maps, choice]);
  const most = map.reduce((top, value) => Math.max(top, value), 0);
  const label = t("attention.of", { word: words[word] ?? "", most: number(most, 4) });
  return (
    <figure className="attention">
      <Over map={map} most={most} maps={maps} picture={picture} mix={mix} label={label} />
      <figcaption className="quiet numbers" role="status">
        {label}
      </figcaption>
      <Words words={words} parts={parts} word={word} onWord={setWord} />
      <Axis
        name={t("attention.step")}
        all={maps.steps}
        at={choice.step}
        onAt={(step) => setChoice({ ...choice, step })}
      />
      <Axis
        name={t("attention.layer")}
        all={maps.layers}
        at={choice.layer}
        onAt={(layer) => setChoice({ ...choice, layer })}
      />
      <Axis
        name={t("attention.head")}
        all={maps.heads}
        at={choice.head}
        onAt={(head) => setChoice({ ...choice, head })}
      />
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

interface WordsProps {
  readonly words: readonly string[];
  readonly parts: readonly number[];
  readonly word: number;
  readonly onWord: (word: number) => void;
}

/** Each word, with a line below it as long as its part of the attention. */
function Words({ words, parts, word, onWord }: WordsProps) {
  const top = Math.max(...parts, Number.MIN_VALUE);
  return (
    <ul className="attention-words" aria-label={t("attention.words")}>
      {words.map((text, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: words are known by their place
        <li key={at}>
          <button
            type="button"
            aria-pressed={at === word}
            title={t("attention.share", { part: number(parts[at] ?? 0, 4) })}
            onClick={() => onWord(at)}
          >
            {text}
            <span className="attention-part" style={{ width: `${((parts[at] ?? 0) / top) * 100}%` }} />
          </button>
        </li>
      ))}
    </ul>
  );
}

interface AxisProps {
  readonly name: string;
  readonly all: number;
  readonly at: number | null;
  readonly onAt: (at: number | null) => void;
}

/** One of several, or at the left end the mean of all. */
function Axis({ name, all, at, onAt }: AxisProps) {
  if (all < 2) return null;
  const words = at === null ? t("attention.all") : t("value.item", { at: at + 1, all });
  return (
    <label className="attention-axis">
      <span>{name}</span>
      <input
        type="range"
        min={-1}
        max={all - 1}
        value={at ?? -1}
        aria-valuetext={words}
        onChange={({ currentTarget: { value } }) => onAt(Number(value) < 0 ? null : Number(value))}
      />
      <span className="numbers">{words}</span>
    </label>
  );
}

interface OverProps {
  readonly map: Float32Array;
  readonly most: number;
  readonly maps: Maps;
  readonly picture: ImageBitmap | null;
  readonly mix: number;
  readonly label: string;
}

const SIDE = 512;

function Over({ map, most, maps: { width, height }, picture, mix, label }: OverProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = picture ?? { width, height };
  const scale = SIDE / Math.max(size.width, size.height);
  const [across, down] = [Math.round(size.width * scale), Math.round(size.height * scale)];
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    const small = new OffscreenCanvas(width, height);
    const heated = small.getContext("2d");
    if (!context || !heated) return;
    const pixels = heated.createImageData(width, height);
    map.forEach((value, at) => {
      pixels.data.set([...heat(most > 0 ? value / most : 0), 255], at * 4);
    });
    heated.putImageData(pixels, 0, 0);
    context.globalAlpha = 1;
    context.imageSmoothingEnabled = picture === null;
    if (picture) context.drawImage(picture, 0, 0, across, down);
    context.globalAlpha = picture ? mix : 1;
    context.imageSmoothingEnabled = true;
    context.drawImage(small, 0, 0, across, down);
  }, [map, most, width, height, picture, mix, across, down]);
  return <canvas ref={canvas} width={across} height={down} role="img" aria-label={label} />;
}
