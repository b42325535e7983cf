/** What a graph would touch if it ran: the network, files, code that is not here. */

import { CircleAlert, Globe, HardDrive, type LucideIcon, PackageX } from "lucide-react";
import { t } from "../app/i18n";
import type { Reach } from "../graph/reach";
import { NamedLines } from "./NamedLines";

const GROUPS: readonly (readonly [
  "network" | "files" | "code" | "missing",
  LucideIcon,
  readonly Reach["kind"][],
])[] = [
  ["network", Globe, ["download"]],
  ["files", HardDrive, ["model", "asset", "wired", "outside"]],
  ["code", CircleAlert, ["pack"]],
  ["missing", PackageX, ["missing", "graph"]],
];

export function ReachList({ reach }: { readonly reach: readonly Reach[] }) {
  if (reach.length === 0) return <p className="quiet">{t("trust.nothing")}</p>;
  return GROUPS.map(([group, Picture, kinds]) => (
    <NamedLines
      key={group}
      title={t(`trust.${group}`)}
      picture={<Picture className="icon small" aria-hidden="true" />}
      lines={reach.filter(({ kind }) => kinds.includes(kind)).map(line)}
    />
  ));
}

function line({ kind, node, what }: Reach): string {
  return t(`reach.${kind}`, { node, what });
}
