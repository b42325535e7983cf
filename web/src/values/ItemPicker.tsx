/** Which of several is shown. */

import { ChevronLeft, ChevronRight } from "lucide-react";
import { t } from "../app/i18n";

interface Props {
  readonly at: number;
  readonly all: number;
  readonly onPick: (at: number) => void;
}

export function ItemPicker({ at, all, onPick }: Props) {
  return (
    <div className="item-picker numbers">
      <button
        type="button"
        className="icon-button"
        aria-label={t("value.previous")}
        disabled={at === 0}
        onClick={() => onPick(at - 1)}
      >
        <ChevronLeft className="icon" />
      </button>
      <span role="status">{t("value.item", { at: all === 0 ? 0 : at + 1, all })}</span>
      <button
        type="button"
        className="icon-button"
        aria-label={t("value.next")}
        disabled={at >= all - 1}
        onClick={() => onPick(at + 1)}
      >
        <ChevronRight className="icon" />
      </button>
    </div>
  );
}
