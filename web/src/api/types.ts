/** Names for the generated types of the server's records and messages. */

import type { components } from "./schema.gen";

type Schemas = components["schemas"];

export type FromServer = Schemas["FromServer"];
export type FromClient = Schemas["FromClient"];
export type RunEvent = Schemas["Events"]["events"][number];
export type NodeState = Schemas["NodeState"];
export type Progress = Schemas["Progress"];
export type Run = Schemas["Run"];
export type Snapshot = Schemas["Snapshot"];
export type QueueChanged = Schemas["QueueChanged"];
