/** All shortcuts, by group; each can be given other keys, and two that want the same say so. */

import { RotateCcw } from "lucide-react";
import { Fragment, type KeyboardEvent, useState } from "react";
import { chordOf, isWhole } from "../app/chords";
import { COMMANDS, type CommandId, commandIds, type Group } from "../app/commands";
import { t } from "../app/i18n";
import { MAC, shown } from "../app/keymap";
import { useSettings } from "../app/settings";
import { clashesOf, keysOf, remap, resetAllKeys, resetKeys } from "../app/shortcuts";

const GROUPS: readonly Group[] = ["run", "edit", "graph", "view"];

/** The commands whose name or keys hold what is sought. */
export function keysMatching(query: string): readonly CommandId[] {
  const wanted = query.trim().toLowerCase();
  return commandIds().filter((id) =>
    [t(COMMANDS[id].label), ...keysOf(id).map(shown)].some((text) => text.toLowerCase().includes(wanted)),
  );
}

export function Keys({ ids }: { readonly ids: readonly CommandId[] }) {
  const changed = useSettings((settings) => Object.keys(settings.keys).length > 0);
  return (
    <>
      {changed && (
        <button type="button" className="button" onClick={resetAllKeys}>
          {t("keys.resetAll")}
        </button>
      )}
      <div className="shortcuts">
        {GROUPS.map((group) => ({ group, some: ids.filter((id) => COMMANDS[id].group === group) }))
          .filter(({ some }) => some.length > 0)
          .map(({ group, some }) => (
            <section key={group}>
              <h3>{t(`menu.${group}`)}</h3>
              <ul>
                {some.map((id) => (
                  <KeyRow key={id} id={id} />
                ))}
              </ul>
            </section>
          ))}
      </div>
    </>
  );
}

function KeyRow({ id }: { readonly id: CommandId }) {
  const own = useSettings((settings) => settings.keys[id]);
  const [asking, setAsking] = useState(false);
  const name = t(COMMANDS[id].label);
  const clash = clashesOf(id);
  const keys = keysOf(id);
  return (
    <li className="key-row">
      <span className="key-name">{name}</span>
      {clash.length > 0 && (
        <span className="bad key-clash">
          {t("keys.clash", { others: clash.map((other) => t(COMMANDS[other].label)).join(", ") })}
        </span>
      )}
      <button
        type="button"
        className="key-button"
        aria-label={t("keys.change", { name, keys: keys.map(shown).join(" ") })}
        onClick={() => setAsking(true)}
        onBlur={() => setAsking(false)}
        onKeyDown={(event) => asking && take(event, id, () => setAsking(false))}
      >
        {asking && <em>{t("keys.press")}</em>}
        {!asking &&
          keys.map((key) => (
            <Fragment key={key}>
              <kbd className="kbd">{shown(key)}</kbd>{" "}
            </Fragment>
          ))}
        {!asking && keys.length === 0 && <span className="quiet">–</span>}
      </button>
      {own !== undefined && (
        <button
          type="button"
          className="icon-button key-reset"
          aria-label={t("keys.reset", { name })}
          title={t("keys.reset", { name })}
          onClick={() => resetKeys(id)}
        >
          <RotateCcw className="icon small" />
        </button>
      )}
    </li>
  );
}

/** Escape leaves the keys as they are, Backspace takes them away; Tab always walks on. */
function take(event: KeyboardEvent, id: CommandId, done: () => void): void {
  if (event.key === "Tab" || !isWhole(event)) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.key === "Backspace") remap(id, []);
  else if (event.key !== "Escape") remap(id, [chordOf(event, MAC)]);
  done();
}
