/** Which keys belong to which command: the defaults, and what a person chose instead. */

import { byKey, clashes, type KeyTable } from "./chords";
import { COMMANDS, type CommandId, commandIds } from "./commands";
import { useSettings } from "./settings";

const DEFAULTS: KeyTable = Object.fromEntries(commandIds().map((id) => [id, COMMANDS[id].keys]));
let known: { readonly remapped: KeyTable; readonly found: ReadonlyMap<string, string> } | null = null;

export function keysOf(id: CommandId): readonly string[] {
  return useSettings.getState().keys[id] ?? COMMANDS[id].keys;
}

/** The key that is shown beside a command; empty where it has none. */
export function keyOf(id: CommandId): string {
  return keysOf(id)[0] ?? "";
}

export function commandOf(chord: string): CommandId | undefined {
  const { keys: remapped } = useSettings.getState();
  if (known?.remapped !== remapped) known = { remapped, found: byKey(DEFAULTS, remapped) };
  const found = known.found.get(chord);
  return commandIds().find((id) => id === found);
}

export function remap(id: CommandId, keys: readonly string[]): void {
  useSettings.setState((settings) => ({ keys: { ...settings.keys, [id]: keys } }));
}

export function resetKeys(id: CommandId): void {
  useSettings.setState(({ keys }) => ({
    keys: Object.fromEntries(Object.entries(keys).filter(([other]) => other !== id)),
  }));
}

export function resetAllKeys(): void {
  useSettings.setState({ keys: {} });
}

/** The commands that want a key that this one has. */
export function clashesOf(id: CommandId): readonly CommandId[] {
  const found = clashes({ ...DEFAULTS, ...useSettings.getState().keys }, id);
  return commandIds().filter((other) => found.includes(other));
}
