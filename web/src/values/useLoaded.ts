/** Ask the server for something that a panel shows; what was shown stays until the answer comes. */

import { useEffect, useState } from "react";
import { ServerError } from "../api/http";

export type Loaded<V> =
  | { readonly at: "loading" }
  | { readonly at: "here"; readonly value: V }
  | { readonly at: "gone"; readonly seconds: number }
  | { readonly at: "absent" }
  | { readonly at: "failed"; readonly reason: string };

/** Loads anew when the key changes. */
export function useLoaded<V>(key: string, load: () => Promise<V>): Loaded<V> {
  const [loaded, setLoaded] = useState<Loaded<V>>({ at: "loading" });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when to load
  useEffect(() => {
    let wanted = true;
    load().then(
      (value) => wanted && setLoaded({ at: "here", value }),
      (error: unknown) => wanted && setLoaded(lost(error)),
    );
    return () => {
      wanted = false;
    };
  }, [key]);
  return loaded;
}

const NOT_MADE = 409;
const GONE = 410;

function lost(error: unknown): Exclude<Loaded<never>, { readonly at: "here" }> {
  if (!(error instanceof ServerError)) return { at: "failed", reason: String(error) };
  if (error.status === GONE) return { at: "gone", seconds: error.seconds ?? 0 };
  return error.status === NOT_MADE ? { at: "absent" } : { at: "failed", reason: error.message };
}
