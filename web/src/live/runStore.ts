/** What is known of the runs that are followed: read by node, told once per frame, apart from the document. */

import type { NodeState, Progress, Run, RunEvent, Snapshot } from "../api/types";
import { foldNode, foldRun, WAITING } from "./fold";
import { type Preview, wordsOf } from "./frames";
import { foldGroup, groupsAround } from "./group";

/** How far a node is; `url` shows the newest preview, `words` are what it has written so far. */
export interface NodeLive {
  readonly state: NodeState;
  readonly progress: Progress | null;
  readonly url: string | null;
  readonly words: string | null;
}

/** Makes and frees the addresses of pictures, and calls back before the next frame. */
export interface Screen {
  frame(call: () => void): void;
  show(preview: Preview): string;
  forget(url: string): void;
}

type Listener = () => void;

const IDLE: NodeLive = { state: WAITING, progress: null, url: null, words: null };

export class RunStore {
  private readonly runs = new Map<string, Run>();
  private readonly nodes = new Map<string, Map<string, NodeLive>>();
  private readonly groups = new Map<string, ReadonlyMap<string, NodeLive>>();
  private readonly folded = new WeakMap<ReadonlyMap<string, NodeLive>, NodeLive>();
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly changed = new Set<string>();
  private readonly previews = new Map<string, { run: string; node: string; preview: Preview }>();
  private waiting = false;
  private readonly screen: Screen;

  constructor(screen: Screen) {
    this.screen = screen;
  }

  run(run: string): Run | null {
    return this.runs.get(run) ?? null;
  }

  /** How far a node is; a Subgraph is as far as the nodes inside it. */
  node(run: string, node: string): NodeLive {
    return this.nodes.get(run)?.get(node) ?? this.group(run, node);
  }

  /** All nodes of a run that something is known of. */
  known(run: string): ReadonlyMap<string, NodeLive> {
    return this.nodes.get(run) ?? new Map();
  }

  /** Call back when a node changes; without a node, when the run does. */
  subscribe(run: string, node: string | null, listener: Listener): () => void {
    const key = keyOf(run, node);
    const listeners = this.listeners.get(key) ?? new Set();
    listeners.add(listener);
    this.listeners.set(key, listeners);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.listeners.delete(key);
    };
  }

  begin(run: Run): void {
    this.runs.set(run.id, run);
    this.mark(run.id, null);
  }

  snapshot({ run, nodes }: Snapshot): void {
    const before = this.nodes.get(run.id) ?? new Map<string, NodeLive>();
    this.runs.set(run.id, run);
    this.nodes.set(run.id, new Map());
    this.forgetGroups(run.id);
    for (const [node, state] of Object.entries(nodes)) {
      const { url = null, words = null } = before.get(node) ?? {};
      this.set(run.id, node, { ...IDLE, state, url, words });
    }
    for (const node of before.keys()) this.mark(run.id, node);
    this.mark(run.id, null);
  }

  events(run: string, events: readonly RunEvent[]): void {
    for (const event of events) {
      const known = this.runs.get(run);
      if (known) this.runs.set(run, foldRun(known, event));
      if (event.type === "run_started" && event.attempt > 1) this.restart(run);
      if ("node" in event) this.nodeEvent(run, event.node, event);
    }
    this.mark(run, null);
  }

  progress(progress: Progress): void {
    const live = this.node(progress.run, progress.node);
    if (live.state.status === "running") this.set(progress.run, progress.node, { ...live, progress });
  }

  /** Keep the newest preview of a node; it is shown at the next frame. */
  preview(run: string, node: string, preview: Preview): void {
    this.previews.set(keyOf(run, node), { run, node, preview });
    this.schedule();
  }

  forget(run: string): void {
    for (const live of this.known(run).values()) if (live.url) this.screen.forget(live.url);
    this.forgetGroups(run);
    this.nodes.delete(run);
    this.runs.delete(run);
  }

  private group(run: string, node: string): NodeLive {
    const inner = this.groups.get(keyOf(run, node));
    if (!inner) return IDLE;
    const known = this.folded.get(inner) ?? foldGroup(inner);
    this.folded.set(inner, known);
    return known;
  }

  private forgetGroups(run: string): void {
    for (const key of this.groups.keys()) if (key.startsWith(`${run} `)) this.groups.delete(key);
  }

  /** Keep what stands inside subgraphs, and tell those who look at them. */
  private enclose(run: string, node: string, live: NodeLive): void {
    for (const group of groupsAround(node)) {
      const key = keyOf(run, group);
      this.groups.set(key, new Map(this.groups.get(key)).set(node.slice(group.length + 1), live));
      this.mark(run, group);
    }
  }

  private nodeEvent(run: string, node: string, event: RunEvent): void {
    const live = this.node(run, node);
    const state = foldNode(live.state, event);
    this.set(run, node, { ...live, state, progress: state.status === "running" ? live.progress : null });
  }

  /** A run that was taken again: what was running or failed is not. */
  private restart(run: string): void {
    for (const [node, live] of this.known(run)) {
      if (live.state.status === "running") this.set(run, node, { ...live, state: WAITING, progress: null });
    }
  }

  private set(run: string, node: string, live: NodeLive): void {
    const nodes = this.nodes.get(run) ?? new Map<string, NodeLive>();
    nodes.set(node, live);
    this.nodes.set(run, nodes);
    this.enclose(run, node, live);
    this.mark(run, node);
  }

  private mark(run: string, node: string | null): void {
    this.changed.add(keyOf(run, node));
    this.schedule();
  }

  private schedule(): void {
    if (this.waiting) return;
    this.waiting = true;
    this.screen.frame(() => this.flush());
  }

  private flush(): void {
    this.waiting = false;
    for (const { run, node, preview } of this.previews.values()) this.showPreview(run, node, preview);
    this.previews.clear();
    const changed = [...this.changed];
    this.changed.clear();
    for (const key of changed) for (const listener of this.listeners.get(key) ?? []) listener();
  }

  private showPreview(run: string, node: string, preview: Preview): void {
    const live = this.node(run, node);
    const words = wordsOf(preview);
    if (live.url === null && live.words === null) this.changed.add(keyOf(run, null));
    if (live.url !== null && words === null) this.screen.forget(live.url);
    const nodes = this.nodes.get(run) ?? new Map<string, NodeLive>();
    nodes.set(node, words === null ? { ...live, url: this.screen.show(preview) } : { ...live, words });
    this.nodes.set(run, nodes);
    this.changed.add(keyOf(run, node));
  }
}

function keyOf(run: string, node: string | null): string {
  return node === null ? run : `${run} ${node}`;
}
