/** The public form of a graph: which ports stand in it, and what it gives. */

import type { PortAt } from "../compat";
import { type Doc, put } from "../document";
import { freeName } from "../ids";
import { portLink } from "../link";

export function exposeInput(doc: Doc, at: PortAt, title: string | null): Doc {
  if (publicInputOf(doc, at) !== undefined) return doc;
  const name = freeName(doc.inputs, at.port);
  return { ...doc, inputs: put(doc.inputs, name, { to: [portLink(at.node, at.port)], title }) };
}

export function hideInput(doc: Doc, at: PortAt): Doc {
  const name = publicInputOf(doc, at);
  const field = name === undefined ? undefined : doc.inputs[name];
  if (name === undefined || !field) return doc;
  const to = field.to.filter((target) => target !== portLink(at.node, at.port));
  return { ...doc, inputs: put(doc.inputs, name, to.length > 0 ? { ...field, to } : undefined) };
}

export function exposeOutput(doc: Doc, at: PortAt): Doc {
  if (publicOutputOf(doc, at) !== undefined) return doc;
  return { ...doc, outputs: put(doc.outputs, freeName(doc.outputs, at.port), portLink(at.node, at.port)) };
}

export function hideOutput(doc: Doc, at: PortAt): Doc {
  const name = publicOutputOf(doc, at);
  return name === undefined ? doc : { ...doc, outputs: put(doc.outputs, name, undefined) };
}

export function publicInputOf(doc: Doc, at: PortAt): string | undefined {
  const target = portLink(at.node, at.port);
  return Object.keys(doc.inputs).find((name) => doc.inputs[name]?.to.includes(target));
}

export function publicOutputOf(doc: Doc, at: PortAt): string | undefined {
  const link = portLink(at.node, at.port);
  return Object.keys(doc.outputs).find((name) => doc.outputs[name] === link);
}
