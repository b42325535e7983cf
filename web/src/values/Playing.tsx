/** What a film and a sound are played by: a bar of buttons, and keys. */

import { Pause, Play } from "lucide-react";
import type { KeyboardEvent, ReactNode } from "react";
import { t } from "../app/i18n";

interface BarButtonProps {
  readonly label: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

export function BarButton({ label, disabled = false, onClick, children }: BarButtonProps) {
  return (
    <button type="button" className="icon-button" aria-label={label} disabled={disabled} onClick={onClick}>
      {children}
    </button>
  );
}

export function PlayButton({
  playing,
  onToggle,
}: {
  readonly playing: boolean;
  readonly onToggle: () => void;
}) {
  return (
    <BarButton label={t(playing ? "sound.pause" : "sound.play")} onClick={onToggle}>
      {playing ? <Pause className="icon" /> : <Play className="icon" />}
    </BarButton>
  );
}

interface Steered {
  readonly at: number;
  readonly end: number;
  readonly step: number;
  readonly far: number;
  readonly go: (to: number) => void;
  readonly toggle: () => void;
}

/** Arrows step, with Shift further, Home and End go to the ends, and the blank plays and pauses. */
export function steer(event: KeyboardEvent, { at, end, step, far, go, toggle }: Steered): void {
  const by = event.shiftKey ? far : step;
  const to = { ArrowLeft: at - by, ArrowRight: at + by, Home: 0, End: end }[event.key];
  if (event.key === " ") toggle();
  else if (to !== undefined) go(to);
  else return;
  event.preventDefault();
}
