/** What was just said: shown for a while, and read out. */

import { useEffect, useState } from "react";
import { useView } from "../app/view";

const SHOWN_MS = 5000;
const MEND_MS = 12_000;

export function Said() {
  const said = useView((view) => view.said);
  const [past, setPast] = useState(0);
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setPast(said.id), said.mend ? MEND_MS : SHOWN_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const shown = said && said.id !== past ? said : null;
  return (
    <div className="said" role="status" aria-live="polite">
      {shown && (
        <p className={`said-text ${shown.tone}`}>
          {shown.text}
          {shown.mend && (
            <button
              type="button"
              className="button"
              onClick={() => {
                setPast(shown.id);
                shown.mend?.run();
              }}
            >
              {shown.mend.label}
            </button>
          )}
        </p>
      )}
    </div>
  );
}
