/** The public inputs of the graph that is looked at, as its form. */

import { useLevel } from "../app/desk";
import { useKnow } from "../app/knowledge";
import { spaced } from "../canvas/types";
import { type InputSpec, inputOf } from "../graph/catalog";
import type { Doc } from "../graph/document";
import { type FieldKind, fieldHeight, fieldKind } from "../graph/layout/metrics";
import { parseLink } from "../graph/link";
import { type Knowledge, specOf } from "../graph/spec";
import { Field } from "../widgets/Field";

export interface PublicField {
  readonly name: string;
  readonly title: string;
  readonly node: string;
  readonly port: InputSpec;
  readonly kind: FieldKind;
}

export function usePublicFields(): readonly PublicField[] {
  const doc = useLevel((now) => now);
  return publicFields(useKnow(), doc);
}

/** The widgets of public inputs; those of ports inside subgraphs are set there. */
export function publicFields(know: Knowledge, doc: Doc): readonly PublicField[] {
  return Object.entries(doc.inputs).flatMap(([name, field]): PublicField[] => {
    const link = parseLink(field.to[0] ?? "");
    const port = link && inputOf(specOf(know, doc, link.node), link.port);
    const kind = port ? fieldKind(port) : null;
    return link && port && kind ? [{ name, title: field.title ?? name, node: link.node, port, kind }] : [];
  });
}

export function PublicFields({ titled }: { readonly titled: boolean }) {
  const doc = useLevel((now) => now);
  return usePublicFields().map(({ name, title, node, port, kind }) => (
    <div key={name} className="sheet-public">
      {((titled && title.toLowerCase() !== spaced(port.name)) || kind === "prompt" || kind === "lines") && (
        <span className="sheet-label">{title}</span>
      )}
      <div className="sheet-field" style={{ height: fieldHeight(kind) }}>
        <Field node={node} port={port} kind={kind} value={doc.nodes[node]?.params[port.name]} />
      </div>
    </div>
  ));
}
