/** Wait longer after each failure, with decorrelated jitter, so that clients do not come back all at once. */

const FIRST_MS = 250;
const MOST_MS = 10_000;

export class Backoff {
  private last = FIRST_MS;
  private readonly random: () => number;

  constructor(random: () => number) {
    this.random = random;
  }

  next(): number {
    this.last = Math.min(MOST_MS, FIRST_MS + this.random() * (this.last * 3 - FIRST_MS));
    return this.last;
  }

  reset(): void {
    this.last = FIRST_MS;
  }
}
