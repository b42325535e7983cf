/** Which colour and shape is which type; only types that the catalog has. */

import { useMemo } from "react";
import { t } from "../app/i18n";
import { useKnow } from "../app/knowledge";
import { colourOf, shapeOf, typeName } from "../canvas/types";
import type { Catalog, PortType } from "../graph/catalog";
import { Swatch } from "../ui/Swatch";

export function Legend() {
  const { catalog } = useKnow();
  const types = useMemo(() => typesIn(catalog), [catalog]);
  return (
    <details className="legend" open>
      <summary>{t("library.sockets")}</summary>
      <ul>
        {types.map((type) => (
          <li key={type.name}>
            <Swatch type={type} />
            {typeName(type)}
          </li>
        ))}
      </ul>
    </details>
  );
}

const SHAPES = ["square", "circle", "pill", "diamond", "ring"];

/** One of each look, in the order of the shapes. */
function typesIn(catalog: Catalog): readonly PortType[] {
  const found = new Map<string, PortType>();
  for (const spec of Object.values(catalog)) {
    for (const { type } of [...spec.outputs, ...spec.inputs]) {
      const look = `${shapeOf(type)} ${colourOf(type)}`;
      if (!found.has(look)) found.set(look, { name: type.name, many: false });
    }
  }
  const rank = (type: PortType) => SHAPES.indexOf(shapeOf(type)) + (type.name.length === 1 ? 1 : 0);
  return [...found.values()].sort((a, b) => rank(a) - rank(b));
}
