/** A heading with a few lines below it; nothing where there are none. */

import type { ReactNode } from "react";

interface Props {
  readonly title: string;
  readonly lines: readonly string[];
  readonly picture?: ReactNode;
}

export function NamedLines({ title, lines, picture }: Props) {
  if (lines.length === 0) return null;
  return (
    <section>
      <h3>
        {picture} {title}
      </h3>
      <ul className="dialog-lines">
        {[...new Set(lines)].map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );
}
