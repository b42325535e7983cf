/** The sheets at the right, in their order. */

import type { RightPanel } from "../app/settings";

export const inspectorTabs: readonly RightPanel[] = ["inspector", "queue", "history"];
