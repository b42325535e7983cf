/** One picture in full: zoom, channels, exposure, the values of its pixels, and what made it. */

import { ChevronLeft, ChevronRight } from "lucide-react";
import { type KeyboardEvent, useMemo, useState } from "react";
import { t } from "../app/i18n";
import { PictureFacts } from "../gallery/PictureFacts";
import { Dialog } from "../ui/Dialog";
import { ItemPicker } from "./ItemPicker";
import { LookTools } from "./LookTools";
import { lookAt, lookAway, type PictureRef } from "./looking";
import { painted } from "./paint";
import { Reading } from "./Reading";
import { type Look, rangeOf } from "./raster";
import { drawAt, Stage } from "./Stage";
import { type Sight, sightOf } from "./sight";
import { type Loaded, useLoaded } from "./useLoaded";
import { ValueView } from "./ValueView";
import type { Spot } from "./zoom";

const PICTURES = new Set(["Image", "Mask"]);

export function One({ refs, place }: { readonly refs: readonly PictureRef[]; readonly place: number }) {
  const first = refs[place];
  const [item, setItem] = useState(first?.item ?? 0);
  if (!first) return null;
  const go = (to: number) => {
    setItem(0);
    lookAt(refs, Math.min(refs.length - 1, Math.max(0, to)));
  };
  const turn = ({ key }: KeyboardEvent) => {
    if (key !== "PageUp" && key !== "PageDown") return false;
    go(place + (key === "PageDown" ? 1 : -1));
    return true;
  };
  return (
    <Dialog label={t("value.of", { link: first.link })} full onClose={lookAway}>
      <Close key={`${first.run} ${first.link} ${item}`} at={{ ...first, item }} onKey={turn} onItem={setItem}>
        {refs.length > 1 && <Turner place={place} all={refs.length} onGo={go} />}
      </Close>
    </Dialog>
  );
}

interface CloseProps {
  readonly at: PictureRef;
  readonly onKey: (event: KeyboardEvent) => boolean;
  readonly onItem: (item: number) => void;
  readonly children: React.ReactNode;
}

function Close({ at, onKey, onItem, children }: CloseProps) {
  const loaded = useLoaded(`${at.run} ${at.link} ${at.item}`, () => sightOf(at));
  const sight = loaded.at === "here" ? loaded.value : null;
  return (
    <div className="look">
      {sight ? (
        <Seen sight={sight} label={t("value.of", { link: at.link })} onKey={onKey} at={at} onItem={onItem}>
          {children}
        </Seen>
      ) : (
        <>
          <Otherwise loaded={loaded} at={at} />
          <aside className="look-side">
            {children}
            <PictureFacts at={at} digest={at.digest ?? ""} />
          </aside>
        </>
      )}
    </div>
  );
}

const NOTHING = {
  here: "value.loading",
  loading: "value.loading",
  gone: "look.gone",
  absent: "look.failed",
} as const;

/** What is no picture is shown as what it is: sound, film, numbers. */
function Otherwise({ loaded, at }: { readonly loaded: Loaded<Sight>; readonly at: PictureRef }) {
  if (loaded.at !== "failed") {
    return <p className="look-nothing quiet">{t(NOTHING[loaded.at])}</p>;
  }
  return (
    <div className="look-value">
      <ValueView run={at.run} link={at.link} made={at.digest ?? ""} />
    </div>
  );
}

interface SeenProps extends CloseProps {
  readonly sight: Sight;
  readonly label: string;
}

function Seen({ sight, label, at, onKey, onItem, children }: SeenProps) {
  const { colour, numbers, batch, type, digest } = sight;
  const [look, setLook] = useState<Look>({ channel: colour ? null : 0, stops: 0 });
  const [spot, setSpot] = useState<Spot | null>(null);
  const shown = look.channel === null && colour ? colour : numbers;
  const bitmap = useMemo(
    () => painted(shown, look, rangeOf(shown, look.channel, PICTURES.has(type) || !shown.exact)),
    [shown, look, type],
  );
  return (
    <>
      <Stage
        picture={shown}
        label={label}
        at={spot}
        onRead={setSpot}
        onKey={onKey}
        paint={(drawing) => drawAt(drawing, bitmap, shown)}
      />
      <aside className="look-side">
        {children}
        {batch > 1 && <ItemPicker at={at.item} all={batch} onPick={onItem} />}
        <LookTools look={look} onLook={setLook} channels={numbers.planes.length} coloured={colour !== null} />
        <Reading at={spot} picture={shown} raster={numbers} />
        <PictureFacts at={at} digest={digest} />
        <p className="quiet look-keys">{t("look.keys")}</p>
      </aside>
    </>
  );
}

interface TurnerProps {
  readonly place: number;
  readonly all: number;
  readonly onGo: (to: number) => void;
}

function Turner({ place, all, onGo }: TurnerProps) {
  return (
    <div className="item-picker numbers">
      <button
        type="button"
        className="icon-button"
        aria-label={t("look.newer")}
        disabled={place === 0}
        onClick={() => onGo(place - 1)}
      >
        <ChevronLeft className="icon" />
      </button>
      <span role="status">{t("look.pictureOf", { at: place + 1, all })}</span>
      <button
        type="button"
        className="icon-button"
        aria-label={t("look.older")}
        disabled={place >= all - 1}
        onClick={() => onGo(place + 1)}
      >
        <ChevronRight className="icon" />
      </button>
    </div>
  );
}
