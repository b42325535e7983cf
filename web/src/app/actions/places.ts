/** Bookmarks: places of a graph that a digit leads back to. */

import { setBookmark } from "../../graph/edit/marks";
import { camera } from "../camera";
import { edit, level } from "../desk";
import { t } from "../i18n";
import { say } from "../view";

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

/** Remember what is seen by the digit that was pressed, else by the first that is free. */
export function setBookmarkHere(chord: string): void {
  const look = camera();
  if (!look) return;
  const free = DIGITS.find((one) => !level().bookmarks[one]);
  const digit = digitOf(chord) ?? free ?? "9";
  edit({ id: "bookmark" }, (doc) => setBookmark(doc, digit, { ...look.middle(), zoom: look.zoom() }));
  say(t("bookmark.set", { digit }));
}

/** Look at a bookmark again; without a digit, at the one after the last. */
export function goToBookmark(chord: string): void {
  const { bookmarks } = level();
  const set = DIGITS.filter((one) => bookmarks[one]);
  const digit = digitOf(chord) ?? set.find((one) => one > last) ?? set[0];
  const bookmark = digit === undefined ? undefined : bookmarks[digit];
  if (digit === undefined) say(t("bookmark.none"));
  else if (!bookmark) say(t("bookmark.missing", { digit }));
  else {
    last = digit;
    camera()?.goTo(bookmark);
  }
}

let last = "";

function digitOf(chord: string): string | undefined {
  return DIGITS.find((one) => chord.endsWith(one));
}
