/** Open a run that was: its exact graph, with the inputs that it had, and what it made. */

import { withInputs } from "../../graph/edit/applied";
import { isObject } from "../../graph/json";
import { parseJson } from "../../graph/parse";
import { openTab } from "../desk";
import { recall } from "../following";
import { knowledge } from "../knowledge";
import { view } from "../view";

export async function openRun(id: string): Promise<void> {
  const { backend } = knowledge.getState();
  if (!backend) return;
  const [run, doc] = await Promise.all([backend.run(id), backend.runGraph(id)]);
  const inputs = parseJson(JSON.stringify(run.inputs));
  view.setState({ dialog: null });
  openTab(withInputs(doc, isObject(inputs) ? inputs : {}), { run: run.id });
  recall(run);
}
