/** What came out of a port: as whatever it is best seen, with its numbers, and to download. */

import { Download, RotateCcw } from "lucide-react";
import { useState } from "react";
import { runTo } from "../app/actions/run";
import { t } from "../app/i18n";
import { duration } from "../canvas/NodeState";
import { AttentionView, showsAttention } from "./AttentionView";
import { ItemPicker } from "./ItemPicker";
import { MediaView } from "./MediaView";
import { PlainView } from "./PlainView";
import { address, fetchSummary, type Item } from "./summary";
import { TensorList } from "./TensorList";
import { TextView } from "./TextView";
import { TokenWords } from "./TokenWords";
import { type Loaded, useLoaded } from "./useLoaded";

interface Props {
  readonly run: string;
  /** As the flat graph names it: `sub/node.port`. */
  readonly link: string;
  /** Changes when another value came out. */
  readonly made: string;
}

export function ValueView({ run, link, made }: Props) {
  const loaded = useLoaded(`${link} ${made}`, () => fetchSummary(run, link));
  const [at, setAt] = useState(0);
  if (loaded.at !== "here") return <Missing loaded={loaded} link={link} />;
  const { many, items } = loaded.value;
  const place = Math.min(at, Math.max(0, items.length - 1));
  const item = items[place];
  const named = many ? `${link}[${place}]` : link;
  return (
    <div className="value">
      {many && <ItemPicker at={place} all={items.length} onPick={setAt} />}
      {item ? (
        <Forms key={`${named} ${made}`} run={run} link={named} item={item} made={made} />
      ) : (
        items.length > 0 && <Missing loaded={{ at: "gone", seconds: 0 }} link={named} />
      )}
    </div>
  );
}

function Forms({
  run,
  link,
  item,
  made,
}: {
  readonly run: string;
  readonly link: string;
  readonly item: Item;
  readonly made: string;
}) {
  const { views, type, tensors } = item;
  const attention = showsAttention(item);
  const reads = views.has("txt") && type !== "Table";
  const worded = type === "Tokens" || type === "Words";
  return (
    <>
      {type !== "Scores" && <MediaView run={run} link={link} item={item} made={made} />}
      {attention && <AttentionView run={run} link={link} made={made} />}
      {worded && <TokenWords run={run} link={link} type={type} made={made} />}
      {reads && <TextView run={run} link={link} made={made} />}
      {!worded && !reads && !attention && <PlainView run={run} link={link} made={made} item={item} />}
      {tensors.length > 0 && <TensorList run={run} link={link} item={item} made={made} />}
      <Downloads run={run} link={link} views={views} />
    </>
  );
}

const FORMS = ["png", "mp4", "wav", "txt", "json", "safetensors"];

function Downloads({
  run,
  link,
  views,
}: {
  readonly run: string;
  readonly link: string;
  readonly views: ReadonlySet<string>;
}) {
  return (
    <p className="value-downloads">
      {FORMS.filter((form) => views.has(form)).map((form) => (
        <a
          key={form}
          href={address(run, link, form)}
          download={`${link}.${form}`}
          aria-label={t("value.download", { form })}
        >
          <Download className="icon small" aria-hidden="true" />
          {form}
        </a>
      ))}
    </p>
  );
}

function Missing({ loaded, link }: { readonly loaded: Loaded<unknown>; readonly link: string }) {
  switch (loaded.at) {
    case "gone":
      return (
        <div className="value-gone">
          <p>{t("value.gone", { seconds: duration(loaded.seconds) })}</p>
          <button type="button" className="button" onClick={() => void runTo([link])}>
            <RotateCcw className="icon small" aria-hidden="true" />
            {t("value.again")}
          </button>
        </div>
      );
    case "absent":
      return <p className="quiet">{t("value.notMade")}</p>;
    case "failed":
      return <p className="sheet-fault">{t("value.failed", { reason: loaded.reason })}</p>;
    default:
      return <p className="quiet">{t("value.loading")}</p>;
  }
}
