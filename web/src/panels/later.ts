/** The parts of the page that are loaded right after it. */

export { Gallery } from "../gallery/Gallery";
export { ValueView } from "../values/ValueView";
export { Dialogs } from "./Dialogs";
export { FormView } from "./FormView";
export { Graphs } from "./Graphs";
export { Outline } from "./Outline";
export { QueuePanel } from "./QueuePanel";
export { RunList } from "./RunList";
export { Steps } from "./Steps";
