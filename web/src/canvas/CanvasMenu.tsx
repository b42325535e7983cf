/** The menu at the pointer: what can be done with what is there. */

import { ContextMenu } from "radix-ui";
import type { MouseEvent, ReactNode } from "react";
import { COMMANDS, type CommandId, perform } from "../app/commands";
import { t } from "../app/i18n";
import { shown } from "../app/keymap";
import { keyOf } from "../app/shortcuts";
import { choose, view } from "../app/view";

const NODE: readonly (readonly CommandId[])[] = [
  ["runHere"],
  ["bypass", "mute"],
  ["cut", "copy", "duplicate", "duplicateLinked"],
  ["frame", "group", "ungroup", "enter", "collapse"],
  ["alignLeft", "alignTop", "tidy"],
  ["dissolve", "delete"],
];
const PANE: readonly (readonly CommandId[])[] = [
  ["add", "note"],
  ["paste", "pasteLinked", "selectAll"],
  ["tidy", "fit"],
];

export function CanvasMenu({ children }: { readonly children: ReactNode }) {
  return (
    <ContextMenu.Root modal={false}>
      <ContextMenu.Trigger asChild onContextMenu={pick}>
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
  const groups = view.getState().chosen.size > 0 ? NODE : PANE;
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

/** The node under the pointer is chosen first, unless it is among those that are. */
function pick(event: MouseEvent): void {
  const node = event.target instanceof Element ? event.target.closest(".react-flow__node") : null;
  const id = node?.getAttribute("data-id") ?? null;
  if (id === null) choose([]);
  else if (!view.getState().chosen.has(id)) choose([id]);
}
