/** The revisions of the graph that the server keeps: each can be named, compared with what is open, and brought back. */

import { useState } from "react";
import { openRevision, type Remote, type Revision, revisionsOf } from "../api/documents";
import { replaceDocument, useTab } from "../app/desk";
import { t, when } from "../app/i18n";
import { said } from "../app/said";
import { view } from "../app/view";
import { changesBetween } from "../graph/changes";
import { nameVersion, useVersionNames, versionKey } from "../persist/versions";
import { Dialog } from "../ui/Dialog";
import { useLoaded } from "../values/useLoaded";
import { ChangeList } from "./ChangeList";

export function Versions() {
  const remote = useTab((tab) => tab.remote);
  return (
    <Dialog label={t("command.versions")} wide>
      {remote ? <Listed remote={remote} /> : <p className="quiet">{t("versions.unsaved")}</p>}
    </Dialog>
  );
}

function Listed({ remote }: { readonly remote: Remote }) {
  const found = useLoaded(`${remote.id} ${remote.revision}`, () => revisionsOf(remote.id));
  const [compared, setCompared] = useState<number | null>(null);
  if (found.at !== "here") return <p className="quiet">{t("value.loading")}</p>;
  return (
    <ul className="versions">
      {found.value.map((revision) => (
        <Row
          key={revision.revision}
          graph={remote.id}
          revision={revision}
          compared={compared === revision.revision}
          onCompare={() => setCompared(compared === revision.revision ? null : revision.revision)}
        />
      ))}
    </ul>
  );
}

interface RowProps {
  readonly graph: string;
  readonly revision: Revision;
  readonly compared: boolean;
  readonly onCompare: () => void;
}

function Row({ graph, revision: { revision, saved }, compared, onCompare }: RowProps) {
  const name = useVersionNames(({ names }) => names[versionKey(graph, revision)] ?? "");
  const label = t("versions.revision", { revision });
  return (
    <li>
      <div className="version">
        <span className="numbers">{label}</span>
        <span className="quiet numbers">{when(saved)}</span>
        <input
          value={name}
          placeholder={t("versions.name")}
          aria-label={`${label}: ${t("versions.name")}`}
          onChange={(event) => nameVersion(graph, revision, event.currentTarget.value)}
        />
        <button type="button" className="button" aria-expanded={compared} onClick={onCompare}>
          {t("versions.compare")}
        </button>
        <button type="button" className="button" onClick={() => void said(bringBack(graph, revision))}>
          {t("versions.restore")}
        </button>
      </div>
      {compared && <Compared graph={graph} revision={revision} />}
    </li>
  );
}

function Compared({ graph, revision }: { readonly graph: string; readonly revision: number }) {
  const now = useTab((tab) => tab.history.doc);
  const then = useLoaded(`${graph} ${revision}`, () => openRevision(graph, revision));
  return then.at === "here" ? <ChangeList changes={changesBetween(then.value, now)} /> : null;
}

/** A step that can be undone; it is saved as the next revision. */
async function bringBack(graph: string, revision: number): Promise<void> {
  const then = await openRevision(graph, revision);
  view.setState({ dialog: null });
  replaceDocument(then);
}
