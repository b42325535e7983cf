/** The runs that are followed: the socket, the store that it feeds, and what the canvas draws of them. */

import { useSyncExternalStore } from "react";
import { createStore } from "zustand";
import { useStore } from "zustand/react";
import type { Run } from "../api/types";
import type { NodeSpec, OutputSpec } from "../graph/catalog";
import type { Shown } from "../graph/layout/metrics";
import { portLink } from "../graph/link";
import { FilmStrips } from "../live/filmStrip";
import { wordsOf } from "../live/frames";
import { groupsAround } from "../live/group";
import { type LiveSound, LiveSounds } from "../live/liveSound";
import { type NodeLive, RunStore } from "../live/runStore";
import { type Connection, EventSocket } from "../live/socket";
import { address } from "../values/summary";
import { activeTab, desk, forgetRun, showRun } from "./desk";
import { t } from "./i18n";
import { knowledge } from "./knowledge";
import { clearMarks, marks, prefix, scene } from "./stage";
import { say } from "./view";

export type Link = Connection | { readonly state: "offline" };

interface Connected {
  readonly link: Link;
  /** How many runs wait. */
  readonly queued: number;
  /** How often the queue changed. */
  readonly changed: number;
  /** How many runs ended while they were followed: what is cached is not what it was. */
  readonly ended: number;
}

export const connection = createStore<Connected>(() => ({
  link: { state: "offline" },
  queued: 0,
  changed: 0,
  ended: 0,
}));

export const runs = new RunStore({
  frame: (call) => requestAnimationFrame(call),
  show: ({ image, mediaType }) => URL.createObjectURL(new Blob([image], { type: mediaType })),
  forget: (url) => URL.revokeObjectURL(url),
});

/** Previews that were, of the runs that are followed since the page was opened. */
export const strips = new FilmStrips();

/** Sounds that are being made. */
const sounds = new LiveSounds();

const socket = new EventSocket(
  {
    open: () => new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/v1/ws`),
    random: () => Math.random(),
    later: (call, ms) => {
      const timer = setTimeout(call, ms);
      return () => clearTimeout(timer);
    },
  },
  {
    message: (message) => {
      if (message.type === "snapshot") runs.snapshot(message);
      else if (message.type === "progress") runs.progress(message);
      else if (message.type === "queue_changed") queueChanged(message.queued);
      else if (message.type === "refused") say(message.message, "error");
    },
    events: (run, events) => runs.events(run, events),
    preview: (run, node, preview) => {
      if (preview.mediaType.startsWith("audio/")) {
        sounds.add(run, node, preview.image);
        return;
      }
      runs.preview(run, node, preview);
      const step = runs.node(run, node).progress?.step ?? 0;
      if (wordsOf(preview) === null) strips.add(run, node, step, preview);
    },
    connection: (link) => connection.setState({ link }),
  },
);

function queueChanged(queued: number): void {
  connection.setState(({ changed }) => ({ queued, changed: changed + 1 }));
}

export function goOnline(): void {
  socket.watchQueue();
  socket.connect();
  addEventListener("online", () => socket.connect());
  desk.subscribe((now, before) => {
    const { path, run } = activeTab(now);
    if (run !== null && path !== activeTab(before).path) queueMicrotask(() => draw(run));
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) socket.connect();
  });
}

/** Show a new run on the canvas of the active tab, and follow it; in live mode without a word. */
export function follow(run: Run, quiet = false): void {
  const before = activeTab().run;
  runs.begin(run);
  clearMarks(quiet);
  showRun(run.id);
  attach(run.id, !quiet);
  const old = before === null ? null : runs.run(before);
  if (old && isFinal(old)) {
    runs.forget(old.id);
    strips.forget(old.id);
    sounds.forget(old.id);
  }
}

/** Show a run that was; all that it told comes again. */
export function recall(run: Run): void {
  clearMarks(false);
  replay(run);
}

/** Follow the runs that the tabs showed before the page was loaded again. */
export function reattach(): void {
  const { backend } = knowledge.getState();
  for (const { run } of desk.getState().tabs) {
    if (run === null || !backend) continue;
    backend.run(run).then(replay, () => forgetRun(run));
  }
}

/** All events come again, so the run begins as it began. */
function replay(run: Run): void {
  runs.begin({ ...run, status: "queued", last: -1 });
  attach(run.id, !isFinal(run));
}

function attach(id: string, fresh: boolean): void {
  socket.follow(id);
  let told = !fresh;
  const stop = runs.subscribe(id, null, () => {
    draw(id);
    const now = runs.run(id);
    if (!now) return;
    if (!isFinal(now)) told = false;
    else {
      stop();
      socket.leave(id);
      connection.setState(({ ended }) => ({ ended: ended + 1 }));
      if (!told) announce(now);
    }
  });
}

export function isFinal(run: Run): boolean {
  return run.status === "done" || run.status === "failed" || run.status === "cancelled";
}

export function useLink(): Link {
  return useStore(connection, (state) => state.link);
}

export function useRunId(): string | null {
  return useStore(desk, (state) => activeTab(state).run);
}

export function useRun(): Run | null {
  const id = useRunId();
  return useSyncExternalStore(
    (told) => (id === null ? () => undefined : runs.subscribe(id, null, told)),
    () => (id === null ? null : runs.run(id)),
  );
}

/** What the shown run says of a node of the level; null where no run is shown. */
export function useNodeLive(id: string): NodeLive | null {
  const run = useRunId();
  const node = prefix() + id;
  return useSyncExternalStore(
    (told) => (run === null ? () => undefined : runs.subscribe(run, node, told)),
    () => (run === null ? null : runs.node(run, node)),
  );
}

/** What there is of the sound that a node of the level makes. */
export function useLiveSound(id: string): LiveSound | null {
  const run = useRunId();
  const node = prefix() + id;
  return useSyncExternalStore(
    (told) => (run === null ? () => undefined : sounds.subscribe(run, node, told)),
    () => (run === null ? null : sounds.of(run, node)),
  );
}

/** The newest picture of any node of the run that is shown, while it works. */
export function useNewestPreview(): string | null {
  const run = useRun();
  const last = run ? [...runs.known(run.id).values()].flatMap((live) => live.url ?? []).at(-1) : undefined;
  return last ?? null;
}

/** Keep what changes the size of nodes: pictures, words, faults. All are rare, so the scene may be drawn anew. */
function draw(run: string): void {
  if (activeTab().run !== run) return;
  const { shown: before, faults } = marks.getState();
  const found = [...runs.known(run)];
  const shown = found.flatMap(([node, live]): [string, Shown][] => {
    const shows = showsOf(node, live);
    return shows === null ? [] : [[node, shows]];
  });
  const failed = found.filter(([, live]) => live.state.status === "failed").map(([node]) => node);
  const wrong = [...new Set([...failed.flatMap(groupsAround), ...failed])];
  const grown =
    shown.some(([node, shows]) => before.get(node) !== shows) || wrong.length !== Object.keys(faults).length;
  if (!grown) return;
  marks.setState({
    shown: new Map([...before, ...shown]),
    faults: Object.fromEntries(wrong.map((node) => [node, runs.node(run, node).state.message ?? ""])),
  });
}

function showsOf(node: string, live: NodeLive): Shown | null {
  if (live.url !== null || picturePort(node, live) !== null) return "picture";
  return live.words !== null || wordsPort(node, live) !== null ? "words" : null;
}

const PICTURES = new Set(["Image", "Mask"]);

/** The output of a finished node that can be shown as a picture; null where there is none, or not yet. */
export function picturePort(node: string, live: NodeLive): string | null {
  const made = madeBy(node, live);
  return made?.outputs.find((port) => PICTURES.has(port.type.name) && isMade(port, live))?.name ?? null;
}

/** The text of a finished node that writes; null where there is none, or not yet. */
export function wordsPort(node: string, live: NodeLive): string | null {
  const made = madeBy(node, live);
  if (made?.category !== WRITES) return null;
  return made.outputs.find((port) => port.type.name === "str" && isMade(port, live))?.name ?? null;
}

const WRITES = "language";

/** What a finished node of the level is. */
function madeBy(node: string, { state: { status } }: NodeLive): NodeSpec | undefined {
  if ((status !== "done" && status !== "cached") || !node.startsWith(prefix())) return undefined;
  return scene().nodes.get(node.slice(prefix().length))?.spec;
}

function isMade(port: OutputSpec, { state }: NodeLive): boolean {
  return state.outputs?.[port.name] !== undefined;
}

/** The picture that a node gave; of a list the first. */
export function pictureLink(node: string, live: NodeLive): string | null {
  const port = picturePort(node, live);
  if (port === null) return null;
  return portLink(node, port) + (Array.isArray(live.state.outputs?.[port]) ? "[0]" : "");
}

/** Where the server shows it. */
export function pictureAddress(run: string, node: string, live: NodeLive): string | null {
  const link = pictureLink(node, live);
  return link === null ? null : address(run, link, "png");
}

function announce(run: Run): void {
  if (run.status === "done") say(t("run.done"));
  else if (run.status === "cancelled") say(t("run.cancelled"));
  else say(t("run.failed", { message: run.fault?.message ?? "" }), "error");
}
