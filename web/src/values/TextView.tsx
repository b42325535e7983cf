/** A text, as it is. */

import { ask } from "../api/http";
import { t } from "../app/i18n";
import { address } from "./summary";
import { useLoaded } from "./useLoaded";

interface Props {
  readonly run: string;
  readonly link: string;
  readonly made: string;
}

export function TextView({ run, link, made }: Props) {
  const loaded = useLoaded(`${link} ${made}`, () => ask(address(run, link, "txt")));
  if (loaded.at !== "here") return <p className="quiet">{t("value.loading")}</p>;
  return <pre className="value-text">{loaded.value}</pre>;
}
