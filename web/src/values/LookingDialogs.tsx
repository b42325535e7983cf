/** What is looked at in full, over everything else. */

import { useLooking } from "./looking";
import { One } from "./One";
import { Two } from "./Two";

export function LookingDialogs() {
  const now = useLooking();
  switch (now.at) {
    case "one":
      return <One refs={now.refs} place={now.place} />;
    case "two":
      return <Two a={now.a} b={now.b} />;
    default:
      return null;
  }
}
