/** What the server's figures say of its workers (the text that Prometheus reads). */

export interface Worker {
  readonly device: string;
  /** Bytes of its process. */
  readonly memory: number;
  readonly busy: boolean;
}

const LINE = /^promptograph_worker_(memory_bytes|busy)\{device="([^"]*)"\} (\S+)$/gm;

export function workersIn(text: string): readonly Worker[] {
  const memory = new Map<string, number>();
  const busy = new Set<string>();
  for (const [, what, device = "", value] of text.matchAll(LINE)) {
    if (what === "memory_bytes") memory.set(device, Number(value));
    else if (Number(value) > 0) busy.add(device);
  }
  return [...memory].map(([device, bytes]) => ({ device, memory: bytes, busy: busy.has(device) }));
}
