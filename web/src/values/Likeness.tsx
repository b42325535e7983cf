/** How alike each two vectors are: a matrix of cosines. */

import { useMemo } from "react";
import { number, t } from "../app/i18n";
import { Matrix } from "./Matrix";
import { likeness } from "./measure";

export function Likeness({ vectors }: { readonly vectors: readonly Float32Array[] }) {
  const values = useMemo(() => likeness(vectors), [vectors]);
  return (
    <Matrix
      values={values}
      most={1}
      label={t("value.likeness")}
      say={(a, b, value) =>
        t("value.like", {
          a: t("value.vector", { at: a }),
          b: t("value.vector", { at: b }),
          value: number(value, 3),
        })
      }
    />
  );
}
