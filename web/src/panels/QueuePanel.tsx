/** The queue: what runs and what waits; runs are moved by drag, by buttons, or by Alt and the arrow keys. */

import { ChevronDown, ChevronsUp, ChevronUp, GripVertical, ListX, Pause, Play, X } from "lucide-react";
import { type DragEvent, type KeyboardEvent, useEffect, useState } from "react";
import { useStore } from "zustand/react";
import type { Run } from "../api/types";
import { openRun } from "../app/actions/past";
import {
  cancelEverything,
  cancelOne,
  clearWaiting,
  moveTo,
  queue,
  refreshQueue,
  runNext,
  togglePause,
} from "../app/actions/queue";
import { connection, useRun } from "../app/following";
import { t, when } from "../app/i18n";
import { said } from "../app/said";

export function QueuePanel() {
  const { running, waiting, queued, paused } = useStore(queue);
  const changed = useStore(connection, (state) => state.changed);
  const status = useRun()?.status;
  const [dragged, setDragged] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change says when to ask again
  useEffect(() => void said(refreshQueue()), [changed, status]);
  const busy = running.length + waiting.length > 0;
  return (
    <div className="queue">
      <div className="queue-tools" role="toolbar" aria-label={t("inspector.queue")}>
        <button type="button" className="button" aria-pressed={paused} onClick={() => void togglePause()}>
          {paused ? <Play className="icon small" /> : <Pause className="icon small" />}
          {t(paused ? "queue.resume" : "queue.pause")}
        </button>
        <button
          type="button"
          className="button"
          disabled={waiting.length === 0}
          onClick={() => void clearWaiting()}
        >
          <ListX className="icon small" aria-hidden="true" />
          {t("queue.clear")}
        </button>
        <button type="button" className="button" disabled={!busy} onClick={() => void cancelEverything()}>
          <X className="icon small" aria-hidden="true" />
          {t("queue.cancelAll")}
        </button>
      </div>
      {paused && <p className="sheet-hint">{t("queue.paused")}</p>}
      {!busy && <p className="sheet-hint">{t("run.queue.empty")}</p>}
      <ul className="run-list">
        {running.map((run) => (
          <li key={run.id} className="queue-row">
            <Title run={run} text={t("state.running")} />
            <Cancel run={run} />
          </li>
        ))}
      </ul>
      <ol className="run-list" aria-label={t("queue.waiting")}>
        {waiting.map((run, place) => (
          <Waiting
            key={run.id}
            run={run}
            place={place}
            last={waiting.length - 1}
            dragged={dragged}
            onDrag={setDragged}
          />
        ))}
      </ol>
      {queued > waiting.length && (
        <p className="sheet-hint numbers">{t("queue.more", { count: queued - waiting.length })}</p>
      )}
    </div>
  );
}

const DRAGGED = "application/x-promptograph-run";

interface WaitingProps {
  readonly run: Run;
  readonly place: number;
  readonly last: number;
  readonly dragged: string | null;
  readonly onDrag: (run: string | null) => void;
}

function Waiting({ run, place, last, dragged, onDrag }: WaitingProps) {
  const [over, setOver] = useState(false);
  const move = (to: number) => void moveTo(run.id, to);
  const drop = (event: DragEvent) => {
    if (dragged === null) return;
    event.preventDefault();
    event.stopPropagation();
    setOver(false);
    void moveTo(dragged, place);
    onDrag(null);
  };
  return (
    <li
      className={`queue-row waiting ${over ? "over" : ""}`}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData(DRAGGED, run.id);
        onDrag(run.id);
      }}
      onDragEnd={() => onDrag(null)}
      onDragOver={(event) => {
        if (dragged === null) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      onKeyDown={(event) => moveByKey(event, place, move)}
    >
      <GripVertical className="icon small quiet" aria-hidden="true" />
      <Title run={run} text={t("queue.place", { at: place + 1 })} />
      <Tool label={t("queue.next")} off={place === 0} onClick={() => void runNext(run.id)}>
        <ChevronsUp className="icon small" />
      </Tool>
      <Tool label={t("queue.up")} off={place === 0} onClick={() => move(place - 1)}>
        <ChevronUp className="icon small" />
      </Tool>
      <Tool label={t("queue.down")} off={place === last} onClick={() => move(place + 1)}>
        <ChevronDown className="icon small" />
      </Tool>
      <Cancel run={run} />
    </li>
  );
}

function moveByKey(event: KeyboardEvent, place: number, move: (to: number) => void): void {
  const to = event.altKey ? { ArrowUp: place - 1, ArrowDown: place + 1, Home: 0 }[event.key] : undefined;
  if (to === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  move(to);
}

function Title({ run, text }: { readonly run: Run; readonly text: string }) {
  return (
    <button type="button" className="queue-title" onClick={() => void said(openRun(run.id))}>
      <span className={`run-mark ${run.status}`} aria-hidden="true" />
      <span className="entry-title">{run.name || t("bar.untitled")}</span>
      <span className="quiet numbers">{cellText(run) || `${text} · ${when(run.created)}`}</span>
    </button>
  );
}

/** What a run of a sweep or a batch differs in. */
function cellText(run: Run): string {
  const inputs = run.cell ? Object.entries(run.inputs) : [];
  return inputs.map(([name, value]) => `${name} ${String(value)}`.slice(0, 40)).join(", ");
}

function Cancel({ run }: { readonly run: Run }) {
  return (
    <Tool label={t("queue.cancel")} off={false} onClick={() => void cancelOne(run.id)}>
      <X className="icon small" />
    </Tool>
  );
}

interface ToolProps {
  readonly label: string;
  readonly off: boolean;
  readonly onClick: () => void;
  readonly children: React.ReactNode;
}

function Tool({ label, off, onClick, children }: ToolProps) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      disabled={off}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
