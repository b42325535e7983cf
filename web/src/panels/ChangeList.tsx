/** Differences of two graphs, one a line; the words say what the colours say. */

import { t } from "../app/i18n";
import type { Change } from "../graph/changes";

const SHOWN = 60;

export function ChangeList({ changes }: { readonly changes: readonly Change[] }) {
  if (changes.length === 0) return <p className="quiet">{t("changes.none")}</p>;
  return (
    <ul className="changes">
      {changes.slice(0, SHOWN).map(({ kind, what, before, after }) => (
        <li key={`${kind} ${what}`} className={kind}>
          <span className="change-kind">{t(`changes.${kind}`)}</span>
          <span className="change-what">{what}</span>
          <span className="change-values">
            {before !== null && <del>{before}</del>} {after !== null && <ins>{after}</ins>}
          </span>
        </li>
      ))}
      {changes.length > SHOWN && <li>{t("changes.more", { count: changes.length - SHOWN })}</li>}
    </ul>
  );
}
