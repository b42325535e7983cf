/** What the editor asks of a server; without one, the offline backend answers from files. */

import type { Catalog } from "../graph/catalog";
import type { Doc } from "../graph/document";
import type { Run } from "./types";

export interface Template {
  readonly id: string;
  readonly name: string;
}

export interface Backend {
  /** Whether graphs can be run and followed. */
  readonly live: boolean;
  catalog(): Promise<Catalog>;
  templates(): Promise<readonly Template[]>;
  template(id: string): Promise<Doc>;
  submit(doc: Doc, targets: readonly string[]): Promise<Run>;
  run(id: string): Promise<Run>;
  cancel(run: string): Promise<void>;
  runs(): Promise<readonly Run[]>;
  runGraph(run: string): Promise<Doc>;
}
