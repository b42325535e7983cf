/** Graphs that come from elsewhere: files, texts, links. Each is shown first; opening it is up to the person, and nothing runs. */

import { type Imported, inspected } from "../api/documents";
import { askBytes, ServerError } from "../api/http";
import type { Doc } from "../graph/document";
import { withInputs } from "../graph/edit/applied";
import { unpack } from "../graph/packed";
import { JsonError } from "../graph/parse";
import { DocumentError, readText } from "../graph/read";
import { documentText } from "../graph/write";
import { canRun } from "./actions/run";
import { openTab } from "./desk";
import { t } from "./i18n";
import { type Arrived, say, view } from "./view";

type Pasted = Arrived["pasted"];

export function receiveFile(file: File): Promise<void> {
  return receive(file, file.name, null);
}

/** A text that is a graph, or an address that leads to one. */
export function receiveText(text: string, name: string, pasted: Pasted = null): Promise<void> {
  const packed = packedIn(text);
  if (packed !== null) return receiveLink(packed);
  const shared = sharedIn(text);
  if (shared !== null)
    return refusing(name, async () => look(new Blob([await askBytes(shared)]), t("drop.link"), null));
  return receive(new Blob([`${text.trim()}\n`]), name, pasted);
}

/** A graph that an address carries. */
export async function receiveLink(packed: string): Promise<void> {
  const name = t("drop.link");
  await refusing(name, async () => {
    await look(new Blob([documentText(await unpack(packed))]), name, null);
  });
}

/** Where this server gives the graph of one of its share links; null for other texts. */
function sharedIn(text: string): string | null {
  const found = /^(https?:\/\/[^/\s]+)(\/s\/[\w-]{43})\s*$/.exec(text.trim());
  return found && found[1] === location.origin ? `${found[2]}/graph.json` : null;
}

/** The graph that an address carries in its fragment; null where it carries none. */
function packedIn(address: string): string | null {
  return /^https?:\/\/\S*#(?:\S*&)?graph=([\w-]+)\s*$/.exec(address.trim())?.[1] ?? null;
}

/** Let the person choose a file. */
export function chooseFile(): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".json,.png,.py,.sh,.txt";
  input.onchange = () => {
    const [file] = input.files ?? [];
    if (file) void receiveFile(file);
  };
  input.click();
}

/** Open what arrived in a tab of its own; it stays marked as foreign. */
export function openArrived({ doc, inputs, file }: Arrived): void {
  openTab(withInputs(doc, inputs), { changed: true, foreign: file });
}

function receive(content: Blob, name: string, pasted: Pasted): Promise<void> {
  return refusing(name, () => look(content, name, pasted));
}

async function look(content: Blob, name: string, pasted: Pasted): Promise<void> {
  const found = canRun() ? await inspected(content) : alone(readText(await content.text()));
  view.setState({ dialog: "import", imported: { ...found, file: name, pasted } });
}

async function refusing(name: string, doing: () => Promise<void>): Promise<void> {
  try {
    await doing();
  } catch (error) {
    if (!(error instanceof ServerError || error instanceof DocumentError || error instanceof JsonError))
      throw error;
    say(t("drop.refused", { name, reason: error.message }), "error");
  }
}

/** What can be said of a file without a server. */
function alone(doc: Doc): Imported {
  return { doc, kind: "json", inputs: {}, problems: [], missing: [], refused: [], plan: null };
}
