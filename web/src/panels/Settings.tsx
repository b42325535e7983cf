/** All settings, with a search; they are kept in this browser. */

import { type ReactNode, useState } from "react";
import { setLanguage, t, useLanguage } from "../app/i18n";
import { LARGEST, SMALLEST, setScale } from "../app/scale";
import { type Settings as Chosen, LEFT_WIDTH, RIGHT_WIDTH, useSettings } from "../app/settings";
import type { Key } from "../app/words/en";
import { Dialog } from "../ui/Dialog";
import { SearchField } from "../ui/SearchField";
import { Keys, keysMatching } from "./Keys";

type Label = Extract<Key, `settings.${string}`>;
type Switch = "contrast" | "snap" | "live" | "form";

interface Entry {
  readonly label: Label;
  readonly group: "settings.look" | "settings.canvas" | "settings.work";
  readonly control: (id: string) => ReactNode;
}

const ENTRIES: readonly Entry[] = [
  {
    label: "settings.theme",
    group: "settings.look",
    control: (id) => (
      <Choice
        id={id}
        setting="theme"
        choices={{ system: t("theme.system"), dark: t("theme.dark"), light: t("theme.light") }}
      />
    ),
  },
  {
    label: "settings.contrast",
    group: "settings.look",
    control: (id) => <Toggle id={id} setting="contrast" />,
  },
  { label: "settings.scale", group: "settings.look", control: (id) => <Scale id={id} /> },
  { label: "settings.language", group: "settings.look", control: (id) => <Language id={id} /> },
  { label: "settings.widths", group: "settings.look", control: (id) => <Widths id={id} /> },
  {
    label: "settings.pointer",
    group: "settings.canvas",
    control: (id) => (
      <Choice
        id={id}
        setting="pointer"
        choices={{ mouse: t("settings.mouse"), trackpad: t("settings.trackpad") }}
      />
    ),
  },
  { label: "settings.snap", group: "settings.canvas", control: (id) => <Toggle id={id} setting="snap" /> },
  {
    label: "settings.wires",
    group: "settings.canvas",
    control: (id) => (
      <Choice
        id={id}
        setting="shownWires"
        choices={{
          all: t("settings.wires.all"),
          chosen: t("settings.wires.chosen"),
          none: t("settings.wires.none"),
        }}
      />
    ),
  },
  {
    label: "settings.wireStyle",
    group: "settings.canvas",
    control: (id) => (
      <Choice
        id={id}
        setting="wireStyle"
        choices={{
          curved: t("settings.curved"),
          straight: t("settings.straight"),
          orthogonal: t("settings.orthogonal"),
        }}
      />
    ),
  },
  { label: "settings.live", group: "settings.work", control: (id) => <Toggle id={id} setting="live" /> },
  { label: "settings.form", group: "settings.work", control: (id) => <Toggle id={id} setting="form" /> },
];

const GROUPS = ["settings.look", "settings.canvas", "settings.work"] as const;

export function Settings() {
  const [query, setQuery] = useState("");
  const wanted = query.trim().toLowerCase();
  const found = ENTRIES.filter(({ label, group }) =>
    `${t(group)} ${t(label)}`.toLowerCase().includes(wanted),
  );
  const keys = t("shortcuts.title").toLowerCase().includes(wanted) ? keysMatching("") : keysMatching(query);
  return (
    <Dialog label={t("command.settings")} wide>
      <SearchField label={t("settings.search")} query={query} onQuery={setQuery} />
      {GROUPS.map((group) => (
        <Section key={group} title={t(group)} entries={found.filter((entry) => entry.group === group)} />
      ))}
      {keys.length > 0 && (
        <section>
          <h3>{t("shortcuts.title")}</h3>
          <Keys ids={keys} />
        </section>
      )}
      {found.length === 0 && keys.length === 0 && <p className="quiet">{t("settings.none")}</p>}
    </Dialog>
  );
}

function Section({ title, entries }: { readonly title: string; readonly entries: readonly Entry[] }) {
  if (entries.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      {entries.map(({ label, control }) => (
        <div key={label} className="setting">
          <label htmlFor={label}>{t(label)}</label>
          {control(label)}
        </div>
      ))}
    </section>
  );
}

function Toggle({ id, setting }: { readonly id: string; readonly setting: Switch }) {
  const on = useSettings((settings) => settings[setting]);
  return (
    <input id={id} type="checkbox" checked={on} onChange={() => useSettings.setState({ [setting]: !on })} />
  );
}

type Chooses = "theme" | "pointer" | "shownWires" | "wireStyle";

interface ChoiceProps<S extends Chooses> {
  readonly id: string;
  readonly setting: S;
  readonly choices: Readonly<Record<Chosen[S], string>>;
}

function Choice<S extends Chooses>({ id, setting, choices }: ChoiceProps<S>) {
  const now = useSettings((settings) => settings[setting]);
  return (
    <select
      id={id}
      value={now}
      onChange={(event) => useSettings.setState({ [setting]: event.currentTarget.value })}
    >
      {Object.entries<string>(choices).map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  );
}

function Scale({ id }: { readonly id: string }) {
  const now = useSettings((settings) => settings.scale);
  const percent = Math.round(now * 100);
  return (
    <select id={id} value={percent} onChange={(event) => setScale(Number(event.currentTarget.value) / 100)}>
      {[...new Set([SMALLEST * 100, 90, 100, 110, 125, 150, 175, LARGEST * 100, percent])]
        .sort((a, b) => a - b)
        .map((value) => (
          <option key={value} value={value}>
            {value} %
          </option>
        ))}
    </select>
  );
}

function Language({ id }: { readonly id: string }) {
  const language = useLanguage((state) => state.language);
  return (
    <select
      id={id}
      value={language}
      onChange={(event) => setLanguage(event.currentTarget.value === "de" ? "de" : "en")}
    >
      <option value="en">English</option>
      <option value="de">Deutsch</option>
    </select>
  );
}

function Widths({ id }: { readonly id: string }) {
  return (
    <button
      id={id}
      type="button"
      className="button"
      onClick={() => useSettings.setState({ leftWidth: LEFT_WIDTH, rightWidth: RIGHT_WIDTH })}
    >
      {t("settings.reset")}
    </button>
  );
}
