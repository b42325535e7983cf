/** All shortcuts, by group. */

import { COMMANDS, commandIds, type Group } from "../app/commands";
import { t } from "../app/i18n";
import { shown } from "../app/keymap";
import { Dialog } from "../ui/Dialog";

const GROUPS: readonly Group[] = ["run", "edit", "graph", "view"];

export function Shortcuts() {
  return (
    <Dialog label={t("shortcuts.title")}>
      <div className="shortcuts">
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{t(`menu.${group}`)}</h3>
            <dl>
              {commandIds()
                .filter((id) => COMMANDS[id].group === group && COMMANDS[id].keys.length > 0)
                .map((id) => (
                  <div key={id}>
                    <dt>{t(COMMANDS[id].label)}</dt>
                    <dd>
                      {COMMANDS[id].keys.map((keys) => (
                        <kbd key={keys} className="kbd">
                          {shown(keys)}
                        </kbd>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
