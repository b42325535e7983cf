/** What to ask of a run so that some nodes are computed: their outputs, as links of the flat graph. */

import { silencedBy } from "./bypass";
import { at, type Doc } from "./document";
import { levelAt, type Path } from "./level";
import { parseLink, portLink } from "./link";
import { type Knowledge, specOf } from "./spec";
import { downstream } from "./structure";

const MOST = 1000;

/** The outputs of nodes of the level at a path. */
export function targetsOf(know: Knowledge, doc: Doc, path: Path, ids: Iterable<string>): readonly string[] {
  const level = levelAt(know, doc, path);
  const prefix = path.map((id) => `${id}/`).join("");
  if (!level) return [];
  const targets = [...ids].filter((id) => at(level.nodes, id)).flatMap((id) => outputsOf(know, level, id));
  return targets.map((target) => prefix + target).slice(0, MOST);
}

/** The outputs of nodes, and of all that depends on them: inside the subgraph, and outside of it. */
export function targetsFrom(know: Knowledge, doc: Doc, path: Path, ids: Iterable<string>): readonly string[] {
  const level = levelAt(know, doc, path);
  if (!level) return [];
  const inside = targetsOf(know, doc, path, downstream(level, ids));
  const [outer, parent] = [path.slice(0, -1), path.at(-1)];
  if (parent === undefined) return inside;
  const outside = targetsFrom(know, doc, outer, [parent]);
  const own = `${[...outer, parent].join("/")}.`;
  return [...inside, ...outside.filter((target) => !target.startsWith(own))].slice(0, MOST);
}

/** The outputs that a node gives always; those that it gives only if asked would cost more, so they are not asked for. */
function outputsOf(know: Knowledge, level: Doc, id: string): readonly string[] {
  const { outputs } = specOf(know, level, id);
  const sure = outputs.filter(({ optional }) => !optional);
  return (sure.length > 0 ? sure : outputs).flatMap(({ name }) => {
    const text = portLink(id, name);
    const link = parseLink(text);
    return link && silencedBy(level, link) === null ? [text] : [];
  });
}
