/** Read the binary frames of the websocket: pictures of what a node is at, its words or its sound. See server/frames.py. */

export interface Preview {
  readonly run: number;
  /** The place of the node in `nodes` of the subscription. */
  readonly node: number;
  readonly item: number | null;
  readonly seq: number;
  readonly mediaType: string;
  readonly image: Uint8Array<ArrayBuffer>;
}

const MAGIC = 0x5047;
const VERSION = 1;
const PREVIEW = 1;
const HEADER = 20;
const NO_ITEM = 0xffff;
const FORMATS: Readonly<Record<number, string>> = {
  1: "image/jpeg",
  2: "image/webp",
  3: "image/png",
  4: "text/plain",
  5: "audio/wav",
};

/** The words of a preview; null where it is a picture. */
export function wordsOf({ mediaType, image }: Preview): string | null {
  return mediaType === "text/plain" ? new TextDecoder().decode(image) : null;
}

/** Read a frame; null where its version, kind or format is not known. */
export function readFrame(buffer: ArrayBuffer): Preview | null {
  if (buffer.byteLength < HEADER) return null;
  const view = new DataView(buffer);
  const mediaType = FORMATS[view.getUint8(4)];
  const known = view.getUint16(0) === MAGIC && view.getUint8(2) === VERSION && view.getUint8(3) === PREVIEW;
  if (!known || mediaType === undefined) return null;
  const item = view.getUint16(6);
  return {
    run: view.getUint32(12),
    node: view.getUint32(8),
    item: item === NO_ITEM ? null : item,
    seq: view.getUint32(16),
    mediaType,
    image: new Uint8Array(buffer, HEADER),
  };
}
