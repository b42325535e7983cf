/** From a key to a command; what a field needs for typing stays with the field. */

import { chordOf, digitOf, partsOf } from "./chords";
import { type CommandId, nudgeBy, perform } from "./commands";
import { commandOf } from "./shortcuts";

export const MAC = navigator.platform.startsWith("Mac");

export function listenToKeys(): void {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (isTyping(event.target) && !worksWhileTyping(event)) return;
    if (inDialog(event.target)) return;
    const chord = chordOf(event, MAC);
    const keys = commandOf(chord) ? chord : digitOf(event);
    const id = commandOf(keys);
    if (id && wantsIt(id, event.target)) {
      event.preventDefault();
      perform(id, keys);
    } else if (onCanvas(event.target) && nudgeBy(event.key, event.shiftKey)) {
      event.preventDefault();
    }
  });
}

/** `Ctrl K` or `⌘K`: how a shortcut is shown. */
export function shown(keys: string): string {
  return partsOf(keys)
    .map((key) => (key === "Mod" ? (MAC ? "⌘" : "Ctrl") : key))
    .join(" ");
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable=true]");
}

function inDialog(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("dialog, [role=menu]") !== null;
}

function worksWhileTyping(event: KeyboardEvent): boolean {
  return (
    (event.ctrlKey || event.metaKey) &&
    ["Enter", "k", "K", "s", "S", "f", "F", "o", "O", "."].includes(event.key)
  );
}

/** Tab adds a node on the canvas itself only: elsewhere it walks on, as people with a keyboard need it. */
function wantsIt(id: CommandId, target: EventTarget | null): boolean {
  if (id !== "add") return true;
  return target === document.body || onCanvas(target);
}

function onCanvas(target: EventTarget | null): boolean {
  return (
    target === document.body || (target instanceof HTMLElement && target.closest(".react-flow") !== null)
  );
}
