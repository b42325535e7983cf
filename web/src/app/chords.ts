/** Keys as they are written (`Mod+Shift+Z`), and which commands want the same. No DOM in it. */

export interface Pressed {
  readonly key: string;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** The chord of a key press; Mod is Ctrl, or Cmd on a Mac. */
export function chordOf(pressed: Pressed, mac: boolean): string {
  const mod = mac ? pressed.metaKey : pressed.ctrlKey;
  const key =
    pressed.key.length === 1 && /[a-z]/i.test(pressed.key) ? pressed.key.toUpperCase() : pressed.key;
  const shift = pressed.shiftKey && (key.length > 1 || /[A-Z]/.test(key));
  return [mod ? "Mod" : "", pressed.altKey ? "Alt" : "", shift ? "Shift" : "", key].filter(Boolean).join("+");
}

/** The chord of a digit, alone or with Shift, by the place of its key: with Shift it is another sign on each keyboard. */
export function digitOf(pressed: Pressed & { readonly code: string }): string {
  const [, digit] = /^Digit([1-9])$/.exec(pressed.code) ?? [];
  const other = pressed.altKey || pressed.ctrlKey || pressed.metaKey;
  return digit === undefined || other ? "" : `${pressed.shiftKey ? "Shift+" : ""}${digit}`;
}

/** The keys of a chord; the last may be `+` itself. */
export function partsOf(chord: string): readonly string[] {
  if (chord === "") return [];
  const parts = chord.split("+");
  return chord.endsWith("+") ? [...parts.slice(0, -2), "+"] : parts;
}

const HALVES = new Set(["Control", "Shift", "Alt", "Meta", "AltGraph", "Dead", "Process"]);

/** Whether it is a chord by itself, not a modifier on the way to one. */
export function isWhole(pressed: Pressed): boolean {
  return !HALVES.has(pressed.key);
}

export type KeyTable = Readonly<Record<string, readonly string[]>>;

/** The command of each key; of several that want the same, the one that was remapped, else the first. */
export function byKey(defaults: KeyTable, remapped: KeyTable): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const take = (id: string, keys: readonly string[]) => {
    for (const key of keys) if (!found.has(key)) found.set(key, id);
  };
  for (const [id, keys] of Object.entries(remapped)) if (Object.hasOwn(defaults, id)) take(id, keys);
  for (const [id, keys] of Object.entries(defaults)) if (!Object.hasOwn(remapped, id)) take(id, keys);
  return found;
}

/** The other commands that want a key of this one. */
export function clashes(table: KeyTable, id: string): readonly string[] {
  const mine = new Set(table[id]);
  return Object.keys(table).filter((other) => other !== id && table[other]?.some((key) => mine.has(key)));
}
