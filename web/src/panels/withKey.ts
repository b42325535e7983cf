/** A label with the shortcut of its command. */

import type { CommandId } from "../app/commands";
import { shown } from "../app/keymap";
import { keyOf } from "../app/shortcuts";

export function withKey(text: string, command: CommandId): string {
  const key = keyOf(command);
  return key === "" ? text : `${text} (${shown(key)})`;
}
