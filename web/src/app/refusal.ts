/** Say why a wire is refused, and which node would mend it. */

import { typeName } from "../canvas/types";
import type { Refusal } from "../graph/compat";
import type { Knowledge } from "../graph/spec";
import { t } from "./i18n";

export function refusalText(know: Knowledge, reason: Refusal): string {
  if (reason.code !== "type") return t(`wire.${reason.code}`);
  const words = { given: typeName(reason.given), wanted: typeName(reason.wanted) };
  const mend = know.catalog[reason.mend[0] ?? ""];
  return mend ? t("wire.mend", { ...words, node: mend.title }) : t("wire.type", words);
}
