/** Sounds that are being made: the pieces of each, as they come, put together again.
 *
 * Guarantees
 * 1. Pieces overlap, so that one that was dropped is not missed; a hole between two is silent.
 * 2. A bounded number of samples is kept; beyond that the oldest are dropped.
 */

/** What is there of a sound, its channels mixed; `start` samples of it came before. */
export interface LiveSound {
  readonly rate: number;
  readonly start: number;
  readonly samples: Float32Array<ArrayBuffer>;
}

const MOST = 2 ** 21;

export class LiveSounds {
  private readonly sounds = new Map<string, LiveSound>();
  private readonly listeners = new Map<string, Set<() => void>>();

  /** Take a piece: a WAV that says how many samples come before it. */
  add(run: string, node: string, file: Uint8Array): void {
    const piece = readPiece(file);
    if (!piece) return;
    const key = `${run} ${node}`;
    this.sounds.set(key, joined(this.sounds.get(key), piece));
    for (const told of this.listeners.get(key) ?? []) told();
  }

  of(run: string, node: string): LiveSound | null {
    return this.sounds.get(`${run} ${node}`) ?? null;
  }

  subscribe(run: string, node: string, listener: () => void): () => void {
    const key = `${run} ${node}`;
    const listeners = this.listeners.get(key) ?? new Set();
    this.listeners.set(key, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.listeners.delete(key);
    };
  }

  forget(run: string): void {
    for (const key of this.sounds.keys()) if (key.startsWith(`${run} `)) this.sounds.delete(key);
  }
}

/** A sound and the piece that comes after it; one that begins before the end of what is known replaces that part. */
export function joined(known: LiveSound | undefined, piece: LiveSound): LiveSound {
  const end = piece.start + piece.samples.length;
  const again = !known || known.rate !== piece.rate || end < known.start + known.samples.length;
  if (again) return piece;
  const start = Math.max(known.start, end - MOST);
  const samples = new Float32Array(end - start);
  samples.set(known.samples.subarray(start - known.start, Math.max(0, piece.start - known.start)));
  const into = piece.start - start;
  samples.set(piece.samples.subarray(Math.max(0, -into)), Math.max(0, into));
  return { rate: piece.rate, start, samples };
}

const FULL = 32_768;
/** Where a broadcast wave has its place in time (EBU Tech 3285): the number of samples before it. */
const PLACE = 338;

/** Read a WAV of 16 bits; null where it is none. */
export function readPiece(file: Uint8Array): LiveSound | null {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const parts = partsOf(view);
  const [form, data, place] = [parts.get("fmt "), parts.get("data"), parts.get("bext")];
  if (!form || !data || form.byteLength < 16 || form.getUint16(14, true) !== 16) return null;
  const channels = Math.max(1, form.getUint16(2, true));
  const count = Math.floor(data.byteLength / 2 / channels);
  const samples = new Float32Array(count);
  for (let at = 0; at < count; at += 1) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1)
      sum += data.getInt16((at * channels + channel) * 2, true);
    samples[at] = sum / channels / FULL;
  }
  const known = place && place.byteLength >= PLACE + 8;
  return {
    rate: form.getUint32(4, true),
    start: known ? Number(place.getBigUint64(PLACE, true)) : 0,
    samples,
  };
}

function partsOf(view: DataView): ReadonlyMap<string, DataView> {
  const parts = new Map<string, DataView>();
  for (let at = 12; at + 8 <= view.byteLength; ) {
    const name = String.fromCharCode(...[0, 1, 2, 3].map((byte) => view.getUint8(at + byte)));
    const size = Math.min(view.getUint32(at + 4, true), view.byteLength - at - 8);
    parts.set(name, new DataView(view.buffer, view.byteOffset + at + 8, size));
    at += 8 + size;
  }
  return parts;
}
