/** From a key to a command; what a field needs for typing stays with the field. */

import { COMMANDS, type CommandId, commandIds, nudgeBy, perform } from "./commands";

const MAC = navigator.platform.startsWith("Mac");

const BY_KEY: ReadonlyMap<string, CommandId> = new Map(
  commandIds().flatMap((id) => COMMANDS[id].keys.map((key): [string, CommandId] => [key, id])),
);

export function listenToKeys(): void {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (isTyping(event.target) && !worksWhileTyping(event)) return;
    if (inDialog(event.target)) return;
    const id = BY_KEY.get(chord(event));
    if (id && wantsIt(id, event.target)) {
      event.preventDefault();
      perform(id);
    } else if (onCanvas(event.target) && nudgeBy(event.key, event.shiftKey)) {
      event.preventDefault();
    }
  });
}

/** `Ctrl K` or `⌘K`: how a shortcut is shown. */
export function shown(keys: string): string {
  return keys
    .split("+")
    .map((key) => (key === "Mod" ? (MAC ? "⌘" : "Ctrl") : key === "" ? "+" : key))
    .join(" ");
}

function chord(event: KeyboardEvent): string {
  const mod = MAC ? event.metaKey : event.ctrlKey;
  const key = event.key.length === 1 && /[a-z]/i.test(event.key) ? event.key.toUpperCase() : event.key;
  const shift = event.shiftKey && (key.length > 1 || /[A-Z]/.test(key));
  return [mod ? "Mod" : "", event.altKey ? "Alt" : "", shift ? "Shift" : "", key].filter(Boolean).join("+");
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
