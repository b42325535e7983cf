/** What a node writes, word by word; then what it wrote, of a list every item. */

import { useNodeLive, useRunId, wordsPort } from "../app/following";
import { prefix } from "../app/stage";
import { portLink } from "../graph/link";
import { fetchSummary, type Summary } from "../values/summary";
import { useLoaded } from "../values/useLoaded";

export function NodeWords({ id, top }: { readonly id: string; readonly top: number }) {
  const live = useNodeLive(id);
  const run = useRunId();
  if (!live || run === null) return null;
  const port = wordsPort(prefix() + id, live);
  const made = port === null ? undefined : live.state.outputs?.[port];
  return (
    <div className="node-words nowheel" style={{ top }}>
      {port === null || made === undefined ? (
        <p>{live.words}</p>
      ) : (
        <Written run={run} link={portLink(prefix() + id, port)} made={String(made)} before={live.words} />
      )}
    </div>
  );
}

interface Props {
  readonly run: string;
  readonly link: string;
  readonly made: string;
  /** What stands there until the server has told. */
  readonly before: string | null;
}

function Written({ run, link, made, before }: Props) {
  const loaded = useLoaded(`${run} ${link} ${made}`, () => fetchSummary(run, link));
  const texts = loaded.at === "here" ? textsIn(loaded.value) : before === null ? [] : [before];
  return texts.map((text, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: texts are known by their place
    <p key={at}>{text}</p>
  ));
}

function textsIn({ items }: Summary): readonly string[] {
  return items.flatMap((item) => (typeof item?.value === "string" ? [item.value] : []));
}
