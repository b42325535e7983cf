/** The steps of this graph, by name; click one to go back or forth to it. */

import { actionText } from "../app/actionText";
import { stepBy, useTab } from "../app/desk";
import { t } from "../app/i18n";

export function Steps() {
  const { past, future } = useTab((tab) => tab.history);
  const steps = [...past, ...future].map(({ action }, at) => ({ number: at + 1, text: actionText(action) }));
  const now = past.length;
  return (
    <section className="panel" aria-label={t("rail.steps")}>
      <h2>{t("rail.steps")}</h2>
      <ul>
        {[{ number: 0, text: t("step.begin") }, ...steps].reverse().map(({ number, text }) => (
          <Step
            key={number}
            text={text}
            state={number === now ? "now" : number < now ? "done" : "undone"}
            onGo={() => stepBy(now - number)}
          />
        ))}
      </ul>
    </section>
  );
}

interface Props {
  readonly text: string;
  readonly state: "undone" | "now" | "done";
  readonly onGo: () => void;
}

function Step({ text, state, onGo }: Props) {
  return (
    <li>
      <button
        type="button"
        className={`library-entry step ${state}`}
        aria-current={state === "now" ? "step" : undefined}
        onClick={onGo}
      >
        <span className="entry-title">{text}</span>
      </button>
    </li>
  );
}
