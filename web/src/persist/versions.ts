/** Names that a person gave to revisions of saved graphs; kept in this browser, as the server only counts them. */

import { create } from "zustand";
import { persist } from "zustand/middleware";

export interface VersionNames {
  /** By graph and revision: `g_abc 3`. */
  readonly names: Readonly<Record<string, string>>;
}

export const useVersionNames = create<VersionNames>()(
  persist((): VersionNames => ({ names: {} }), { name: "promptograph.versions", version: 1 }),
);

export function versionKey(graph: string, revision: number): string {
  return `${graph} ${revision}`;
}

export function nameVersion(graph: string, revision: number, name: string): void {
  useVersionNames.setState(({ names }) => {
    const { [versionKey(graph, revision)]: _, ...others } = names;
    return { names: name === "" ? others : { ...others, [versionKey(graph, revision)]: name } };
  });
}
