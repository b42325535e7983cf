/** A graph as the fragment of an address: compressed, and never sent to any server.
 *
 * Guarantees
 * 1. Any text gives a graph or an error; what it unpacks to is bounded while it unpacks.
 */

import type { Doc } from "./document";
import { DocumentError, readText } from "./read";
import { documentText } from "./write";

const LONGEST = 2_000_000;

export async function pack(doc: Doc): Promise<string> {
  const text = new Blob([documentText(doc)]).stream();
  const packed = await new Response(text.pipeThrough(new CompressionStream("deflate-raw"))).bytes();
  return base64url(packed);
}

export async function unpack(text: string): Promise<Doc> {
  const packed = new Blob([bytesOf(text)]).stream();
  return readText(await bounded(packed.pipeThrough(new DecompressionStream("deflate-raw"))));
}

async function bounded(stream: ReadableStream<Uint8Array>): Promise<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += decoder.decode(part.value, { stream: true });
      if (text.length > LONGEST) throw new DocumentError("the graph in the address is too large");
    }
    return text + decoder.decode();
  } catch (error) {
    void reader.cancel().catch(() => undefined);
    if (error instanceof DocumentError) throw error;
    throw new DocumentError("the address is cut short or damaged");
  }
}

function base64url(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) throw new DocumentError("the address holds no graph");
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) =>
      letter.charCodeAt(0),
    );
  } catch {
    throw new DocumentError("the address is cut short or damaged");
  }
}
