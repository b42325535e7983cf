/** Numbers as bars from a common line: one path, so that a thousand of them cost nothing. */

interface Props {
  readonly values: ArrayLike<number>;
  readonly label: string;
}

const HEIGHT = 40;

export function Bars({ values, label }: Props) {
  return (
    <svg
      className="bars"
      viewBox={`0 0 ${values.length} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path d={path(values)} />
    </svg>
  );
}

function path(values: ArrayLike<number>): string {
  const all = Array.from(values, (value) => (Number.isFinite(value) ? value : 0));
  const top = all.reduce((most, value) => Math.max(most, value), 0);
  const bottom = all.reduce((least, value) => Math.min(least, value), 0);
  const scale = top > bottom ? HEIGHT / (top - bottom) : 0;
  const line = top * scale;
  return all
    .map((value, at) => {
      const end = line - value * scale;
      return `M${at + 0.06} ${line.toFixed(1)}V${end.toFixed(1)}h.88V${line.toFixed(1)}z`;
    })
    .join("");
}
