/** How alike each two vectors are: a matrix of cosines. */

import { useMemo } from "react";
import { number, t } from "../app/i18n";
import { Matrix } from "./Matrix";
import { likeness } from "./measure";

interface Props {
  readonly vectors: readonly Float32Array[];
  readonly nameOf: (at: number) => string;
}

export function Likeness({ vectors, nameOf }: Props) {
  const values = useMemo(() => likeness(vectors), [vectors]);
  return (
    <Matrix
      values={values}
      most={1}
      label={t("value.likeness")}
      say={(a, b, value) =>
        t("value.like", {
          a: nameOf(a),
          b: nameOf(b),
          value: number(value, 3),
        })
      }
    />
  );
}
