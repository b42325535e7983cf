/** Say what a step of the history did: `move 3 nodes`. */

import type { Action } from "../graph/history";
import { t, tn } from "./i18n";

export function actionText(action: Action): string {
  const { count = 1, what = "" } = action;
  switch (action.id) {
    case "move":
      return tn("step.move", count);
    case "add":
    case "param":
      return t(`step.${action.id}`, { what });
    case "delete":
      return t("step.delete", { count });
    default:
      return t(`step.${action.id}`);
  }
}
