/** Small pictures of what nodes made, for the drawing from afar: few are kept, and few are loaded at once. */

/** What can be drawn, and let go. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  close(): void;
}

const KEPT = 128;
const AT_ONCE = 4;

export class Thumbnails<P extends Picture> {
  /** What was used last comes last; null is what could not be loaded. */
  private readonly kept = new Map<string, P | null>();
  private readonly loading = new Set<string>();
  private waiting: readonly string[] = [];
  private readonly load: (address: string) => Promise<P>;
  private readonly told: () => void;

  constructor(load: (address: string) => Promise<P>, told: () => void) {
    this.load = load;
    this.told = told;
  }

  /** The picture, if it is here. */
  at(address: string): P | null {
    const found = this.kept.get(address);
    if (found === undefined) return null;
    this.kept.delete(address);
    this.kept.set(address, found);
    return found;
  }

  /** Load what is seen and not here; what was asked for before and is not seen any more is forgotten. */
  want(seen: readonly string[]): void {
    this.waiting = seen
      .slice(0, KEPT)
      .filter((address) => !this.kept.has(address) && !this.loading.has(address));
    this.next();
  }

  /** Let all go: from near by, nodes show their pictures themselves. */
  clear(): void {
    this.waiting = [];
    for (const picture of this.kept.values()) picture?.close();
    this.kept.clear();
  }

  private next(): void {
    const free = AT_ONCE - this.loading.size;
    const now = this.waiting.slice(0, free);
    this.waiting = this.waiting.slice(now.length);
    for (const address of now) {
      this.loading.add(address);
      this.load(address).then(
        (picture) => this.keep(address, picture),
        () => this.keep(address, null),
      );
    }
  }

  private keep(address: string, picture: P | null): void {
    this.loading.delete(address);
    this.kept.set(address, picture);
    for (const [oldest, old] of this.kept) {
      if (this.kept.size <= KEPT) break;
      this.kept.delete(oldest);
      old?.close();
    }
    this.next();
    this.told();
  }
}
