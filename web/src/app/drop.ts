/** What is dropped on the page: a node from the library, or a file that holds a graph. Nothing is ever run. */

import { type Imported, inspected } from "../api/documents";
import { ServerError } from "../api/http";
import type { Doc } from "../graph/document";
import { JsonError } from "../graph/parse";
import { DocumentError, readText } from "../graph/read";
import { place } from "./actions/build";
import { canRun } from "./actions/run";
import { camera } from "./camera";
import { t } from "./i18n";
import { knowledge } from "./knowledge";
import { say, view } from "./view";

const NODE = "application/x-promptograph-node";

export function listenToDrops(): void {
  addEventListener("dragover", allowDrop);
  addEventListener("drop", acceptDrop);
}

function allowDrop(event: DragEvent): void {
  const types = event.dataTransfer?.types ?? [];
  if (types.includes(NODE) || types.includes("Files")) event.preventDefault();
}

function acceptDrop(event: DragEvent): void {
  if (!event.dataTransfer) return;
  const spec = knowledge.getState().know.catalog[event.dataTransfer.getData(NODE)];
  const at = camera()?.toGraph({ x: event.clientX, y: event.clientY });
  if (spec && at) place({ spec, port: null }, { x: at.x - 100, y: at.y - 16 }, null);
  const [file] = event.dataTransfer.files;
  if (file || spec) event.preventDefault();
  if (file) void openFile(file);
}

/** Say what the file holds; opening it is up to the person, and nothing runs. */
async function openFile(file: File): Promise<void> {
  try {
    const found = canRun() ? await inspected(file) : alone(readText(await file.text()));
    view.setState({ dialog: "import", imported: { ...found, file: file.name } });
  } catch (error) {
    if (!(error instanceof ServerError || error instanceof DocumentError || error instanceof JsonError))
      throw error;
    say(t("drop.refused", { name: file.name, reason: error.message }), "error");
  }
}

/** What can be said of a file without a server. */
function alone(doc: Doc): Imported {
  return { doc, kind: "json", inputs: {}, problems: [], missing: [], refused: [], plan: null };
}
