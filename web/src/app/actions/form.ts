/** Which ports of the level that is looked at are the graph's own: the fields of its form, and its results. */

import {
  exposeInput,
  exposeOutput,
  hideInput,
  hideOutput,
  publicInputOf,
  publicOutputOf,
} from "../../graph/edit/public";
import { edit } from "../desk";

export function toggleInput(node: string, port: string): void {
  const at = { node, port };
  edit({ id: "public" }, (doc) =>
    publicInputOf(doc, at) === undefined ? exposeInput(doc, at, null) : hideInput(doc, at),
  );
}

export function toggleOutput(node: string, port: string): void {
  const at = { node, port };
  edit({ id: "public" }, (doc) =>
    publicOutputOf(doc, at) === undefined ? exposeOutput(doc, at) : hideOutput(doc, at),
  );
}
