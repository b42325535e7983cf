/** Tokens as coloured words, each with its id and its weight. */

import { level } from "../app/desk";
import { number, t } from "../app/i18n";
import { knowledge } from "../app/knowledge";
import { parseLink, portLink } from "../graph/link";
import { specOf } from "../graph/spec";
import { fetchJson } from "./summary";
import { type Token, wordedTokens } from "./tokens";
import { useLoaded } from "./useLoaded";

interface Props {
  readonly run: string;
  readonly link: string;
  readonly type: string;
  readonly made: string;
}

const HUES = 6;

export function TokenWords({ run, link, type, made }: Props) {
  const loaded = useLoaded(`${link} ${made}`, async () => {
    const other = sibling(link, type === "Tokens" ? "Words" : "Tokens");
    const [own, beside] = await Promise.all([
      fetchJson(run, link),
      other === null ? null : fetchJson(run, other).catch(() => null),
    ]);
    return type === "Tokens" ? wordedTokens(own, beside) : wordedTokens(beside, own);
  });
  if (loaded.at !== "here") return <p className="quiet">{t("value.loading")}</p>;
  const { tokens, padding, truncated } = loaded.value;
  return (
    <>
      <p className="quiet numbers">{t("value.tokens", { count: tokens.length, padding })}</p>
      <ol className="tokens">
        {tokens.map((token, place) => (
          <Word key={`${token.chunk} ${token.at}`} token={token} hue={place % HUES} />
        ))}
      </ol>
      {truncated && <p className="sheet-fault">{t("value.truncated", { text: truncated })}</p>}
    </>
  );
}

function Word({ token, hue }: { readonly token: Token; readonly hue: number }) {
  const { id, word, weight } = token;
  const words = t("value.token", { id: id ?? "?", weight: number(weight, 2) });
  return (
    <li className={`token ${word === null ? "special" : `hue${hue}`}`} title={words}>
      <span>{word ?? t("value.special")}</span>
      <span className="token-id numbers">
        {id ?? ""}
        {weight === 1 ? "" : ` ×${number(weight, 2)}`}
      </span>
    </li>
  );
}

/** The output of the same node that has the other half: words have no ids, ids no words. */
function sibling(link: string, type: string): string | null {
  const from = parseLink(link);
  if (!from) return null;
  const inside = from.node.split("/").at(-1) ?? "";
  const port = specOf(knowledge.getState().know, level(), inside).outputs.find(
    (output) => output.type.name === type,
  );
  return port ? `${portLink(from.node, port.name)}${from.item === null ? "" : `[${from.item}]`}` : null;
}
