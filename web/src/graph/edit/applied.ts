/** A document with values for its public inputs: what a run was given, the document says. */

import { type Doc, put } from "../document";
import type { Json, JsonObject } from "../json";
import { parseLink, portLink, topNode } from "../link";

export function withInputs(doc: Doc, inputs: JsonObject): Doc {
  let next = doc;
  for (const [name, value] of Object.entries(inputs)) {
    for (const target of doc.inputs[name]?.to ?? []) next = withValue(next, target, value);
  }
  return next;
}

/** Set a port, inside subgraphs of this document too; those of the library stay as they are. */
function withValue(doc: Doc, target: string, value: Json): Doc {
  const link = parseLink(target);
  const id = link ? topNode(link) : "";
  const node = doc.nodes[id];
  if (!link || !node) return doc;
  if (link.node === id) {
    const { [link.port]: _, ...inputs } = node.inputs;
    const set = { ...node, inputs, params: put(node.params, link.port, value) };
    return { ...doc, nodes: put(doc.nodes, id, set) };
  }
  if (typeof node.graph !== "object" || node.graph === null) return doc;
  const graph = withValue(node.graph, portLink(link.node.slice(id.length + 1), link.port), value);
  return { ...doc, nodes: put(doc.nodes, id, { ...node, graph }) };
}
