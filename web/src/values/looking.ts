/** What is looked at in full: one of several pictures, or two side by side. */

import { createStore } from "zustand";
import { useStore } from "zustand/react";

/** A picture that a run made: which, and how it is shown. */
export interface PictureRef {
  readonly run: string;
  /** As the flat graph names it: `decode.image`, of a list `decode.image[2]`. */
  readonly link: string;
  /** Which of its batch. */
  readonly item: number;
  /** The content, where it is known. */
  readonly digest: string | null;
}

export type Looking =
  | { readonly at: "nothing" }
  | { readonly at: "one"; readonly refs: readonly PictureRef[]; readonly place: number }
  | { readonly at: "two"; readonly a: PictureRef; readonly b: PictureRef | null };

export const looking = createStore<{ readonly now: Looking }>(() => ({ now: { at: "nothing" } }));

export function useLooking(): Looking {
  return useStore(looking, ({ now }) => now);
}

export function lookAt(refs: readonly PictureRef[], place = 0): void {
  if (refs.length > 0) looking.setState({ now: { at: "one", refs, place } });
}

/** Compare two pictures; without a second one it is chosen there. */
export function compare(a: PictureRef, b: PictureRef | null): void {
  looking.setState({ now: { at: "two", a, b } });
}

export function lookAway(): void {
  looking.setState({ now: { at: "nothing" } });
}

export function sameRef(a: PictureRef, b: PictureRef): boolean {
  return a.run === b.run && a.link === b.link && a.item === b.item;
}
