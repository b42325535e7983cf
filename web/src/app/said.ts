/** Do something with the server; what it refuses is said. */

import { ServerError } from "../api/http";
import { say } from "./view";

export async function said(doing: Promise<void>): Promise<void> {
  try {
    await doing;
  } catch (error) {
    if (!(error instanceof ServerError || error instanceof TypeError)) throw error;
    say(error instanceof ServerError ? error.sentence : error.message, "error");
  }
}
