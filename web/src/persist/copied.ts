/** The text that was copied last in this browser: pasting it asks nothing, as it comes from no one else. */

const NAME = "promptograph.copied";
const LONGEST = 1_000_000;

let last: string | null = null;

export function keepCopied(text: string): void {
  last = text;
  try {
    if (text.length <= LONGEST) localStorage.setItem(NAME, text);
  } catch {
    // no room: other windows ask
  }
}

export function wasCopied(text: string): boolean {
  return text === last || text === localStorage.getItem(NAME);
}
