/** Look at what the chosen node made; without one, at what the graph gives. */

import { lookAt, type PictureRef } from "../../values/looking";
import { activeTab } from "../desk";
import { picturePort, runs } from "../following";
import { prefix } from "../stage";
import { view } from "../view";

export function lookHere(): void {
  const ref = pictureHere();
  if (ref) lookAt([ref]);
}

export function pictureHere(): PictureRef | null {
  const { run } = activeTab();
  if (run === null) return null;
  const [only, more] = [...view.getState().chosen];
  if (only !== undefined && more === undefined) return pictureOfNode(run, only);
  const made = Object.values(runs.run(run)?.outputs ?? {}).find(({ type }) => SEEN.has(type));
  return made ? refTo(run, made.many ? `${made.link}[0]` : made.link, made.digests[0] ?? null) : null;
}

/** The picture that a node of this level gave in a run; of a list the first. */
export function pictureOfNode(run: string, id: string): PictureRef | null {
  const node = prefix() + id;
  const live = runs.node(run, node);
  const port = picturePort(node, live);
  if (port === null) return null;
  const made = live.state.outputs?.[port];
  const many = Array.isArray(made);
  const digest = typeof made === "string" ? made : null;
  return refTo(run, `${node}.${port}${many ? "[0]" : ""}`, digest);
}

const SEEN = new Set(["Image", "Mask", "Latent"]);

function refTo(run: string, link: string, digest: string | null): PictureRef {
  return { run, link, item: 0, digest };
}
