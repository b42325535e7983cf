/** Walk and wire the graph without a mouse.
 *
 * Arrows walk from node to node: left and right along wires, up and down to the nearest. Enter goes into a node's
 * fields, C to its sockets; on a socket C starts a wire and opens the list of what fits it, Space chooses its wire.
 */

import type { KeyboardEvent } from "react";
import { useCallback } from "react";
import { camera, lookAt } from "../app/camera";
import { level } from "../app/desk";
import { knowledge } from "../app/knowledge";
import { scene } from "../app/stage";
import { choose, view, type Wiring } from "../app/view";
import type { Box } from "../graph/document";
import { structureOf } from "../graph/structure";
import { portOf } from "./toFlow";
import { needOf } from "./wiring";

export function useWalk() {
  return useCallback((event: KeyboardEvent<HTMLElement>) => {
    const { target } = event;
    const done =
      target instanceof SVGElement
        ? onWire(event, target)
        : target instanceof HTMLElement && !target.matches(FIELD) && onPart(event, target);
    if (done) {
      event.preventDefault();
      event.stopPropagation();
    }
  }, []);
}

const FIELD = "input, textarea, select, [role=spinbutton]";

function onPart(event: KeyboardEvent, target: HTMLElement): boolean {
  return target.matches(".socket") ? onSocket(event, target) : onNode(event, target);
}

function onNode(event: KeyboardEvent, target: HTMLElement): boolean {
  const node = target.closest<HTMLElement>(".react-flow__node");
  const id = node?.dataset.id;
  if (event.altKey || event.ctrlKey || event.metaKey) return false;
  if (id === undefined || !node) return event.key.startsWith("Arrow") && begin();
  if (event.key.startsWith("Arrow") && !event.shiftKey && !view.getState().chosen.has(id))
    return go(id, event.key);
  if (event.key.startsWith("Arrow") && event.shiftKey) return go(id, event.key);
  if (event.key === " ") return pick(id);
  if (event.key === "Enter")
    return focusIn(node, ".field-row :is(input, textarea, select, button, [tabindex])");
  if (event.key === "c") return focusIn(node, ".socket.react-flow__handle-right") || focusIn(node, ".socket");
  return false;
}

/** A wire that has the focus is chosen, for the commands of wires. */
function onWire(event: KeyboardEvent, { dataset }: SVGElement): boolean {
  if ((event.key !== " " && event.key !== "Enter") || dataset.id === undefined) return false;
  choose([], [dataset.id]);
  return true;
}

function onSocket(event: KeyboardEvent, socket: HTMLElement): boolean {
  const node = socket.closest<HTMLElement>(".react-flow__node");
  const sockets = [...(node?.querySelectorAll<HTMLElement>(".socket") ?? [])];
  const at = sockets.indexOf(socket);
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    sockets[(at + (event.key === "ArrowDown" ? 1 : -1) + sockets.length) % sockets.length]?.focus();
    return true;
  }
  if (event.key === "Escape") {
    node?.focus();
    return true;
  }
  if (event.key === " ") {
    socket.click();
    return true;
  }
  if ((event.key !== "c" && event.key !== "Enter") || !node?.dataset.id) return false;
  const handle = socket.dataset.handleid ?? "";
  startWire(
    {
      from: { node: node.dataset.id, port: portOf(handle) },
      side: handle.startsWith("input") ? "input" : "output",
    },
    socket,
  );
  return true;
}

/** Ask what the wire goes to: sockets that fit come first, new nodes after them. */
function startWire(wiring: Wiring, socket: HTMLElement): void {
  const bounds = socket.getBoundingClientRect();
  const screen = { x: bounds.left + (wiring.side === "output" ? 60 : -360), y: bounds.top };
  const at = camera()?.toGraph(screen) ?? screen;
  view.setState({
    asking: { at, screen, wiring, standing: true, need: needOf(knowledge.getState().know, level(), wiring) },
  });
}

function begin(): boolean {
  const [first] = structureOf(level()).order;
  return first !== undefined && reach(first);
}

function go(id: string, key: string): boolean {
  const next = key === "ArrowLeft" || key === "ArrowRight" ? along(id, key) : beside(id, key);
  return next !== null && reach(next);
}

function along(id: string, key: string): string | null {
  const { into, outOf } = structureOf(level());
  const near =
    key === "ArrowLeft"
      ? (into.get(id) ?? []).map((edge) => edge.from)
      : (outOf.get(id) ?? []).map((edge) => edge.to);
  return near[0] ?? null;
}

/** The nearest node above or below. */
function beside(id: string, key: string): string | null {
  const all = scene().nodes;
  const here = all.get(id)?.box;
  if (!here) return null;
  const sign = key === "ArrowDown" ? 1 : -1;
  const far = (box: Box) => Math.abs(box.x - here.x) * 2 + Math.abs(box.y - here.y);
  const others = [...all.values()].filter(
    (node) => node.id !== id && Math.sign(node.box.y - here.y) === sign,
  );
  return others.sort((a, b) => far(a.box) - far(b.box))[0]?.id ?? null;
}

export function reach(id: string): boolean {
  choose([]);
  focusOn(id);
  return true;
}

const SOON = 4;
const LATE = 90;

/** Bring the keyboard to a node, and the camera too where it is not drawn after a few frames. */
export function focusOn(id: string, frame = 0): void {
  requestAnimationFrame(() => {
    const node = drawn(id);
    if (frame === SOON && !node) lookAt(id);
    if (node) node.focus();
    else if (frame < LATE) focusOn(id, frame + 1);
  });
}

function drawn(id: string): HTMLElement | null {
  return document.querySelector(`.react-flow__node[data-id="${CSS.escape(id)}"]`);
}

function pick(id: string): boolean {
  const chosen = new Set(view.getState().chosen);
  if (!chosen.delete(id)) chosen.add(id);
  choose(chosen);
  return true;
}

function focusIn(node: HTMLElement, selector: string): boolean {
  const found = node.querySelector<HTMLElement>(selector);
  found?.focus();
  return found !== null;
}
