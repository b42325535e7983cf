/** Stars that a person gave to pictures, by content; kept in this browser (localStorage), so a reload keeps them. */

import { create } from "zustand";
import { persist } from "zustand/middleware";

export const BEST = 5;

interface Ratings {
  readonly stars: Readonly<Record<string, number>>;
}

export const useRatings = create<Ratings>()(
  persist((): Ratings => ({ stars: {} }), { name: "promptograph.ratings", version: 1 }),
);

export function starsOf(digest: string): number {
  return useRatings.getState().stars[digest] ?? 0;
}

/** Rate a picture from one to five; none takes the rating away. */
export function rate(digest: string, count: number): void {
  useRatings.setState(({ stars }) => {
    const { [digest]: _, ...others } = stars;
    return { stars: count > 0 ? { ...others, [digest]: Math.min(BEST, count) } : others };
  });
}
