/** A label with the shortcut of its command. */

import { COMMANDS, type CommandId } from "../app/commands";
import { shown } from "../app/keymap";

export function withKey(text: string, command: CommandId): string {
  return `${text} (${shown(COMMANDS[command].keys[0] ?? "")})`;
}
