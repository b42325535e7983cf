/** Every action that a person can take: menus, shortcuts and the palette read this one list. */

import { boxes } from "../canvas/scene";
import { EMPTY } from "../graph/document";
import { innerGraph } from "../graph/spec";
import { downstream, upstream } from "../graph/structure";
import { documentText } from "../graph/write";
import {
  alignChosen,
  copyChosen,
  cutChosen,
  distributeChosen,
  duplicateChosen,
  frameChosen,
  groupChosen,
  noteHere,
  pasteHere,
  tidyUp,
  ungroupChosen,
} from "./actions/arrange";
import { batch, cancelBatch, runAll } from "./actions/batch";
import { deleteChosen, dissolveChosen, foldChosen, joinChosen, nudge } from "./actions/build";
import { bypassChosen, muteChosen } from "./actions/bypass";
import { lookHere, pictureHere } from "./actions/look";
import { pinChosen } from "./actions/pin";
import { goToBookmark, setBookmarkHere } from "./actions/places";
import { publishChosen } from "./actions/publish";
import { clearWaiting, refreshQueue, togglePause } from "./actions/queue";
import {
  addPoints,
  otherStyle,
  otherWires,
  swapInputs,
  toggleNames,
  wiresChosen,
  wiresMeant,
} from "./actions/route";
import { cancelRun, canRun, isRunning, runFromChosen, runToChosen } from "./actions/run";
import { camera, fitAll, fitChosen } from "./camera";
import {
  activeTab,
  closeTab,
  enter,
  leaveTo,
  level,
  openTab,
  setLocked,
  stepBack,
  stepForward,
} from "./desk";
import { nextHeat } from "./heat";
import { setLanguage, useLanguage } from "./i18n";
import { knowledge } from "./knowledge";
import { chooseFile } from "./receiving";
import { saveNow } from "./saving";
import { LARGEST, larger, SMALLEST, scale, setScale, smaller } from "./scale";
import { nextTheme, useSettings } from "./settings";
import { scene } from "./stage";
import { trust } from "./trust";
import { choose, view } from "./view";
import type { EN } from "./words/en";

type CommandKey = Extract<keyof typeof EN, `command.${string}`>;
export type Group = "edit" | "view" | "graph" | "run";

export interface Command {
  readonly label: CommandKey;
  readonly group: Group;
  /** As `Mod+Shift+Z`; Mod is Ctrl, or Cmd on a Mac. The first is shown. */
  readonly keys: readonly string[];
  readonly enabled: () => boolean;
  /** The chord that called it; empty from a menu. */
  readonly run: (chord: string) => void | Promise<void>;
}

const always = () => true;
const chosen = () => view.getState().chosen.size > 0;
const several = () => view.getState().chosen.size > 1;
const anything = () => chosen() || view.getState().chosenWires.size > 0;
const hasNodes = () => scene().nodes.size > 0;

export const COMMANDS = {
  run: command("command.run", "run", ["Mod+Enter"], () => canRun() && hasNodes(), runAll),
  runHere: command("command.runHere", "run", ["R"], () => canRun() && chosen(), runToChosen),
  runFrom: command("command.runFrom", "run", ["Shift+R"], () => canRun() && chosen(), runFromChosen),
  cancel: command("command.cancel", "run", ["Mod+."], isRunning, cancelRun),
  cancelBatch: command(
    "command.cancelBatch",
    "run",
    ["Alt+."],
    () => batch.getState().walk !== null,
    cancelBatch,
  ),
  heat: command("command.heat", "view", ["Alt+H"], always, nextHeat),
  timings: command("command.timings", "view", ["Alt+T"], always, () => view.setState({ dialog: "timings" })),
  queue: command("command.queue", "view", ["Q"], canRun, showQueue),
  pauseQueue: command("command.pauseQueue", "run", [], canRun, togglePause),
  clearQueue: command("command.clearQueue", "run", [], canRun, clearAll),
  palette: command("command.palette", "view", ["Mod+K"], always, () => view.setState({ dialog: "palette" })),
  find: command("command.find", "view", ["Mod+F"], hasNodes, () => view.setState({ dialog: "find" })),
  open: command("command.open", "graph", ["Mod+O"], always, chooseFile),
  touches: command("command.touches", "graph", [], hasNodes, () => view.setState({ dialog: "trust" })),
  trust: command("command.trust", "graph", [], () => activeTab().foreign !== null, trust),
  lock: command("command.lock", "graph", ["Alt+K"], hasNodes, () => setLocked(!activeTab().locked)),
  add: command("command.add", "edit", ["A", "Tab"], always, openSearch),
  undo: command("command.undo", "edit", ["Mod+Z"], () => activeTab().history.past.length > 0, stepBack),
  redo: command(
    "command.redo",
    "edit",
    ["Mod+Shift+Z", "Mod+Y"],
    () => activeTab().history.future.length > 0,
    stepForward,
  ),
  copy: command("command.copy", "edit", ["Mod+C"], chosen, copyChosen),
  cut: command("command.cut", "edit", ["Mod+X"], chosen, cutChosen),
  paste: command("command.paste", "edit", ["Mod+V"], always, () => pasteHere("drop")),
  pasteLinked: command("command.pasteLinked", "edit", ["Mod+Shift+V"], always, () => pasteHere("keep")),
  duplicate: command("command.duplicate", "edit", ["Mod+D"], chosen, () => duplicateChosen("drop")),
  duplicateLinked: command("command.duplicateLinked", "edit", ["Mod+Shift+D"], chosen, () =>
    duplicateChosen("keep"),
  ),
  delete: command("command.delete", "edit", ["Delete", "Backspace"], anything, deleteChosen),
  dissolve: command("command.dissolve", "edit", ["Mod+Delete", "Mod+Backspace"], chosen, dissolveChosen),
  selectAll: command("command.selectAll", "edit", ["Mod+A"], hasNodes, () =>
    choose(Object.keys(boxes(scene()))),
  ),
  selectNone: command("command.selectNone", "edit", ["Escape"], anything, () => choose([])),
  selectUpstream: command("command.selectUpstream", "edit", ["Shift+U"], chosen, () =>
    choose(upstream(level(), nodesChosen())),
  ),
  selectDownstream: command("command.selectDownstream", "edit", ["U"], chosen, () =>
    choose(downstream(level(), nodesChosen())),
  ),
  frame: command("command.frame", "graph", ["F"], chosen, frameChosen),
  note: command("command.note", "graph", ["N"], always, noteHere),
  group: command("command.group", "graph", ["Mod+G"], chosen, groupChosen),
  ungroup: command("command.ungroup", "graph", ["Mod+Shift+G"], isSubgraph, ungroupChosen),
  publish: command("command.publish", "graph", [], () => canRun() && isSubgraph(), publishChosen),
  enter: command("command.enter", "graph", ["Alt+Enter"], isSubgraph, () =>
    enter([...view.getState().chosen][0] ?? ""),
  ),
  leave: command(
    "command.leave",
    "graph",
    ["Alt+Backspace"],
    () => activeTab().path.length > 0,
    () => leaveTo(activeTab().path.length - 1),
  ),
  addPoint: command("command.addPoint", "graph", ["D"], () => wiresChosen().length > 0, addPoints),
  nameWires: command("command.nameWires", "graph", ["Shift+N"], () => wiresMeant().length > 0, toggleNames),
  swapInputs: command("command.swapInputs", "graph", ["Y"], anything, swapInputs),
  joinNodes: command("command.joinNodes", "graph", ["J"], several, joinChosen),
  collapse: command("command.collapse", "graph", ["H"], chosen, foldChosen),
  bypass: command("command.bypass", "graph", ["Mod+B"], chosen, bypassChosen),
  mute: command("command.mute", "graph", ["Mod+M"], chosen, muteChosen),
  pin: command("command.pin", "graph", ["P"], chosen, pinChosen),
  tidy: command("command.tidy", "graph", ["L"], hasNodes, tidyUp),
  colour: command("command.colour", "graph", ["Shift+C"], chosen, () => view.setState({ dialog: "colour" })),
  alignLeft: command("command.alignLeft", "graph", ["Shift+A"], several, () => alignChosen("left")),
  alignRight: command("command.alignRight", "graph", ["Shift+D"], several, () => alignChosen("right")),
  alignTop: command("command.alignTop", "graph", ["Shift+W"], several, () => alignChosen("top")),
  alignBottom: command("command.alignBottom", "graph", ["Shift+S"], several, () => alignChosen("bottom")),
  distributeX: command("command.distributeX", "graph", ["Shift+H"], several, () => distributeChosen("x")),
  distributeY: command("command.distributeY", "graph", ["Shift+V"], several, () => distributeChosen("y")),
  fit: command("command.fit", "view", ["Home", "0"], hasNodes, () => fitAll()),
  fitSelection: command("command.fitSelection", "view", ["."], chosen, fitChosen),
  zoomIn: command("command.zoomIn", "view", ["Mod+=", "+", "="], always, () => zoom(1.25)),
  zoomOut: command("command.zoomOut", "view", ["Mod+-", "-"], always, () => zoom(0.8)),
  zoomReset: command("command.zoomReset", "view", ["Mod+0"], always, () => zoom(0)),
  setBookmark: command("command.setBookmark", "view", digits("Shift+"), always, setBookmarkHere),
  goToBookmark: command("command.goToBookmark", "view", digits(""), always, goToBookmark),
  newTab: command("command.newTab", "graph", ["Alt+N"], always, () => openTab(EMPTY)),
  closeTab: command("command.closeTab", "graph", ["Alt+W"], always, () => closeTab(activeTab().id)),
  save: command("command.save", "graph", ["Mod+S"], () => canRun() && hasNodes(), saveNow),
  versions: command("command.versions", "graph", ["Alt+V"], canRun, () =>
    view.setState({ dialog: "versions" }),
  ),
  steps: command("command.steps", "view", ["Alt+Z"], always, showSteps),
  pictures: command("command.pictures", "view", ["Shift+G"], always, showPictures),
  look: command("command.look", "view", ["V"], () => pictureHere() !== null, lookHere),
  export: command("command.export", "graph", ["Mod+Shift+S"], hasNodes, download),
  problems: command("command.problems", "view", ["Shift+P"], always, () =>
    view.setState({ dialog: "problems" }),
  ),
  left: command("command.left", "view", ["["], always, () => toggle("left")),
  right: command("command.right", "view", ["]"], always, () => toggle("right")),
  focus: command("command.focus", "view", ["\\"], always, focusCanvas),
  live: command("command.live", "run", ["Alt+L"], canRun, () => flip("live")),
  form: command("command.form", "view", ["Alt+F"], always, otherView),
  sweep: command(
    "command.sweep",
    "run",
    ["Alt+S"],
    () => canRun() && Object.keys(activeTab().history.doc.inputs).length > 0,
    () => view.setState({ dialog: "sweep" }),
  ),
  snap: command("command.snap", "view", ["G"], always, () => flip("snap")),
  wires: command("command.wires", "view", ["W"], always, otherWires),
  wireStyle: command("command.wireStyle", "view", ["Alt+R"], always, otherStyle),
  larger: command("command.larger", "view", ["Alt+=", "Alt++"], () => scale() < LARGEST, larger),
  smaller: command("command.smaller", "view", ["Alt+-"], () => scale() > SMALLEST, smaller),
  usualSize: command(
    "command.usualSize",
    "view",
    ["Alt+0"],
    () => scale() !== 1,
    () => setScale(1),
  ),
  settings: command("command.settings", "view", ["Mod+,"], always, () =>
    view.setState({ dialog: "settings" }),
  ),
  contrast: command("command.contrast", "view", ["Shift+T"], always, () => flip("contrast")),
  theme: command("command.theme", "view", ["T"], always, nextTheme),
  language: command("command.language", "view", [], always, otherLanguage),
  shortcuts: command("command.shortcuts", "view", ["?"], always, () =>
    view.setState({ dialog: "shortcuts" }),
  ),
} as const satisfies Record<string, Command>;

export type CommandId = keyof typeof COMMANDS;

export function commandIds(): readonly CommandId[] {
  return Object.keys(COMMANDS).filter(isCommand);
}

export function perform(id: CommandId, chord = ""): void {
  const { enabled, run }: Command = COMMANDS[id];
  if (enabled()) void run(chord);
}

function isCommand(id: string): id is CommandId {
  return Object.hasOwn(COMMANDS, id);
}

const STEP = 8;
const FAR = 40;

/** Move what is chosen by an arrow key; false where nothing is chosen. */
export function nudgeBy(key: string, far: boolean): boolean {
  const step = far ? FAR : STEP;
  const by: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [-step, 0],
    ArrowRight: [step, 0],
    ArrowUp: [0, -step],
    ArrowDown: [0, step],
  };
  const way = by[key];
  if (!way || !chosen()) return false;
  nudge({ x: way[0], y: way[1] });
  return true;
}

function command(
  label: CommandKey,
  group: Group,
  keys: readonly string[],
  enabled: () => boolean,
  run: (chord: string) => void | Promise<void>,
): Command {
  return { label, group, keys, enabled, run };
}

function digits(before: string): readonly string[] {
  return [1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => before + digit);
}

function nodesChosen(): readonly string[] {
  return [...view.getState().chosen].filter((id) => scene().nodes.has(id));
}

function isSubgraph(): boolean {
  const [id] = view.getState().chosen;
  const node = id === undefined ? undefined : level().nodes[id];
  return node !== undefined && innerGraph(knowledge.getState().know, node) !== null;
}

function showQueue(): void {
  useSettings.setState({ right: "queue" });
}

async function clearAll(): Promise<void> {
  await refreshQueue();
  await clearWaiting();
}

function openSearch(): void {
  const at = camera()?.middle();
  if (at) view.setState({ asking: { at, screen: camera()?.toScreen(at) ?? at, need: null, wiring: null } });
}

function toggle(side: "left" | "right"): void {
  useSettings.setState((settings) =>
    side === "left"
      ? { left: settings.left === null ? "nodes" : null }
      : { right: settings.right === null ? "inspector" : null },
  );
}

/** Zoom the canvas, or the form where that is shown; 0 gives the usual size. */
function zoom(factor: number): void {
  if (!useSettings.getState().form) factor === 0 ? camera()?.zoomTo(scale()) : camera()?.zoomBy(factor);
  else if (factor === 0) setScale(1);
  else factor > 1 ? larger() : smaller();
}

function flip(setting: "snap" | "live" | "contrast"): void {
  useSettings.setState((settings) => ({ [setting]: !settings[setting] }));
}

/** The graph or its form; on a narrow page the graph has the room for itself at first. */
function otherView(): void {
  const { form } = useSettings.getState();
  const narrow = document.documentElement.dataset.room === "narrow";
  useSettings.setState({ form: !form, ...(form && narrow ? { left: null, right: null } : {}) });
}

function showSteps(): void {
  useSettings.setState({ left: "steps" });
}

function showPictures(): void {
  useSettings.setState(({ left }) => ({ left: left === "pictures" ? null : "pictures", form: false }));
}

function focusCanvas(): void {
  useSettings.setState(({ left, right }) =>
    left === null && right === null ? { left: "nodes", right: "inspector" } : { left: null, right: null },
  );
}

function otherLanguage(): void {
  setLanguage(useLanguage.getState().language === "en" ? "de" : "en");
}

function download(): void {
  const { doc } = activeTab().history;
  const url = URL.createObjectURL(new Blob([documentText(doc)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${doc.name || "graph"}.json`;
  link.click();
  URL.revokeObjectURL(url);
}
