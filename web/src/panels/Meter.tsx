/** What the server's workers hold in memory and whether they are busy, asked now and then while the page is seen. */

import { useEffect, useState } from "react";
import { ask } from "../api/http";
import { useLink, useRun } from "../app/following";
import { number, t } from "../app/i18n";
import { type Worker, workersIn } from "../live/metrics";

const EVERY_MS = 5000;
const MEGA = 2 ** 20;

export function Meter() {
  const open = useLink().state === "open";
  const workers = useWorkers(open);
  if (!open) return null;
  if (workers.length === 0) return <span className="meter">{t("meter.none")}</span>;
  return workers.map(({ device, memory, busy }) => (
    <span key={device} className="meter numbers" title={t("meter.help", { device })}>
      {`${device} ${memory > 0 ? `${number(memory / MEGA)} MB` : t("meter.unknown")}, ${t(busy ? "meter.busy" : "meter.idle")}`}
    </span>
  ));
}

function useWorkers(open: boolean): readonly Worker[] {
  const [workers, setWorkers] = useState<readonly Worker[]>([]);
  const status = useRun()?.status;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a run that begins or ends says more
  useEffect(() => {
    let wanted = open;
    const look = async () => {
      if (document.hidden) return;
      const text = await ask("/api/v1/metrics").catch(() => "");
      if (wanted) setWorkers(workersIn(text));
    };
    if (open) void look();
    const timer = open ? setInterval(() => void look(), EVERY_MS) : undefined;
    return () => {
      wanted = false;
      clearInterval(timer);
    };
  }, [open, status]);
  return workers;
}
