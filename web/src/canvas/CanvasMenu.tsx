/** The menu at the pointer: what can be done with what is there. */

import { ContextMenu } from "radix-ui";
import type { ReactNode } from "react";
import { COMMANDS, type CommandId, perform } from "../app/commands";
import { t } from "../app/i18n";
import { shown } from "../app/keymap";
import { keyOf } from "../app/shortcuts";
import { choose, view } from "../app/view";

const NODE: readonly (readonly CommandId[])[] = [
  ["runHere", "runFrom"],
  ["bypass", "mute", "pin"],
  ["cut", "copy", "duplicate", "duplicateLinked"],
  ["frame", "colour", "group", "ungroup", "publish", "enter", "collapse"],
  ["joinNodes", "swapInputs", "nameWires"],
  ["alignLeft", "alignTop", "distributeX", "distributeY", "tidy"],
  ["dissolve", "delete"],
];
const WIRE: readonly (readonly CommandId[])[] = [["addPoint", "nameWires", "swapInputs"], ["delete"]];
const PANE: readonly (readonly CommandId[])[] = [
  ["add", "note"],
  ["paste", "pasteLinked", "selectAll"],
  ["tidy", "fit"],
];

/** What a finger or a pen is held on: a long press opens the menu for it. */
let touched: EventTarget | null = null;

export function CanvasMenu({ children }: { readonly children: ReactNode }) {
  return (
    <ContextMenu.Root
      modal={false}
      onOpenChange={(open) => {
        if (open && touched) pick(touched);
      }}
    >
      <ContextMenu.Trigger
        asChild
        onContextMenu={(event) => pick(event.target)}
        onPointerDown={(event) => {
          touched = event.pointerType === "mouse" ? null : event.target;
        }}
      >
        {children}
      </ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Content className="menu">
          <Items />
        </ContextMenu.Content>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}

function Items() {
  const { chosen, chosenWires } = view.getState();
  const groups = chosen.size > 0 ? NODE : chosenWires.size > 0 ? WIRE : PANE;
  return groups.map((group, at) => (
    <div key={group.join()} role="presentation">
      {at > 0 && <ContextMenu.Separator className="menu-line" />}
      {group.map((id) => (
        <ContextMenu.Item
          key={id}
          className="menu-item"
          disabled={!COMMANDS[id].enabled()}
          onSelect={() => perform(id)}
        >
          {t(COMMANDS[id].label)}
          <span className="keys">{shown(keyOf(id))}</span>
        </ContextMenu.Item>
      ))}
    </div>
  ));
}

/** The node or wire under the pointer is chosen first, unless it is among those that are. */
function pick(target: EventTarget): void {
  const { chosen, chosenWires } = view.getState();
  const id = idOf(target, ".react-flow__node");
  const wire = idOf(target, ".react-flow__edge");
  if (id !== null && !chosen.has(id)) choose([id]);
  else if (wire !== null && !chosenWires.has(wire)) choose([], [wire]);
  else if (id === null && wire === null) choose([]);
}

function idOf(target: EventTarget, selector: string): string | null {
  const found = target instanceof Element ? target.closest(selector) : null;
  return found?.getAttribute("data-id") ?? null;
}
