/** Keep some of the previews of each node, evenly spread, so that its denoising can be looked at as a strip. */

import type { Preview } from "./frames";

export interface StripFrame {
  readonly step: number;
  readonly image: Blob;
}

const MOST = 24;

export class FilmStrips {
  private readonly strips = new Map<
    string,
    { readonly every: number; readonly frames: readonly StripFrame[] }
  >();

  /** Keep a preview, if its step is one of those that are kept. */
  add(run: string, node: string, step: number, { image, mediaType }: Preview): void {
    const key = `${run} ${node}`;
    const { every, frames } = this.strips.get(key) ?? { every: 1, frames: [] };
    const last = frames.at(-1);
    const before = last && step < last.step ? [] : frames; // it was begun again
    if (step % every !== 0 || before.at(-1)?.step === step) return;
    const next = [...before, { step, image: new Blob([image], { type: mediaType }) }];
    this.strips.set(key, next.length <= MOST ? { every, frames: next } : thinned(every, next));
  }

  of(run: string, node: string): readonly StripFrame[] {
    return this.strips.get(`${run} ${node}`)?.frames ?? NONE;
  }

  forget(run: string): void {
    for (const key of this.strips.keys()) if (key.startsWith(`${run} `)) this.strips.delete(key);
  }
}

const NONE: readonly StripFrame[] = [];

function thinned(every: number, frames: readonly StripFrame[]) {
  const wider = every * 2;
  return { every: wider, frames: frames.filter(({ step }) => step % wider === 0) };
}
