/** A tensor of vectors: the norm of each, the numbers of the chosen one, and how alike they are. */

import { useMemo, useState } from "react";
import { number, t } from "../app/i18n";
import { Bars } from "./Bars";
import { Likeness } from "./Likeness";
import { Matrix } from "./Matrix";
import { histogram, norm, vectorsOf } from "./measure";
import type { Tensor } from "./safetensors";

const FEW = 64;
const WIDE = 128;

interface Props {
  readonly tensor: Tensor;
  readonly names: readonly string[];
}

export function Vectors({ tensor, names }: Props) {
  const nameOf = (at: number) => names[at] || t("value.vector", { at });
  const vectors = useMemo(() => vectorsOf(tensor), [tensor]);
  const [at, setAt] = useState(0);
  const chosen = vectors?.[Math.min(at, vectors.length - 1)];
  if (!vectors || !chosen) return null;
  const { min, max } = histogram(chosen, 1);
  const words = {
    norm: number(norm(chosen), 2),
    size: chosen.length,
    min: number(min, 2),
    max: number(max, 2),
  };
  return (
    <div className="vectors">
      {vectors.length > 1 && (
        <>
          <p className="quiet numbers">
            {t("value.vectors", { count: vectors.length, size: chosen.length })}
          </p>
          <Norms vectors={vectors} at={at} name={nameOf(at)} onPick={setAt} />
        </>
      )}
      <Bars values={chosen} label={t("value.numbers", words)} />
      <p className="quiet numbers">{t("value.numbers", words)}</p>
      {tensor.shape.length === 2 && chosen.length <= WIDE && vectors.length <= WIDE && vectors.length > 1 && (
        <Numbers vectors={vectors} />
      )}
      {vectors.length > 1 && vectors.length <= FEW && <Likeness vectors={vectors} nameOf={nameOf} />}
    </div>
  );
}

/** The numbers themselves, as scores of each with each are read. */
function Numbers({ vectors }: { readonly vectors: readonly Float32Array[] }) {
  const values = useMemo(() => vectors.map((vector) => [...vector]), [vectors]);
  const most = Math.max(...values.flat().filter(Number.isFinite).map(Math.abs), Number.MIN_VALUE);
  return (
    <Matrix
      values={values}
      most={most}
      label={t("value.matrix", { most: number(most, 3) })}
      say={(row, column, value) => t("value.cell", { row, column, value: number(value, 4) })}
    />
  );
}

interface NormsProps {
  readonly vectors: readonly Float32Array[];
  readonly at: number;
  readonly name: string;
  readonly onPick: (at: number) => void;
}

/** One column for each vector, as high as it is long. A slider, so that the keyboard reaches each. */
function Norms({ vectors, at, name, onPick }: NormsProps) {
  const norms = useMemo(() => vectors.map(norm), [vectors]);
  const now = norms[at] ?? 0;
  const words = t("value.norm", { name, norm: number(now, 2) });
  return (
    <div className="norms">
      <Bars values={norms} label={words} />
      <input
        type="range"
        min={0}
        max={vectors.length - 1}
        value={at}
        aria-label={t("value.vector", { at: "" })}
        aria-valuetext={words}
        onChange={(event) => onPick(Number(event.currentTarget.value))}
      />
      <p className="numbers">{words}</p>
    </div>
  );
}
