/** What each node of the run cost, the slowest first; click to go there. */

import { goTo } from "../app/finding";
import { nextHeat, useHeats } from "../app/heat";
import { number, t } from "../app/i18n";
import { useSettings } from "../app/settings";
import { view } from "../app/view";
import { duration } from "../canvas/NodeState";
import type { Cost } from "../live/heat";
import { Dialog } from "../ui/Dialog";

const MEGA = 2 ** 20;

export function Timings() {
  const costs = useHeats((state) => state.costs);
  const heat = useSettings((settings) => settings.heat);
  const all = costs.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0);
  return (
    <Dialog label={t("timings.title")} wide>
      <div className="timings-head">
        <p className="quiet numbers">
          {costs.length === 0 ? t("timings.none") : t("timings.all", { seconds: duration(all) })}
        </p>
        <button type="button" className="button" aria-pressed={heat !== "off"} onClick={nextHeat}>
          {t(`heat.${heat}`)}
        </button>
      </div>
      {costs.length > 0 && (
        <table className="timings numbers">
          <thead>
            <tr>
              <th scope="col">{t("timings.node")}</th>
              <th scope="col">{t("run.seconds")}</th>
              <th scope="col">{t("timings.share")}</th>
              <th scope="col">{t("run.memory")}</th>
            </tr>
          </thead>
          <tbody>
            {costs.map((cost) => (
              <Row key={cost.node} cost={cost} all={all} />
            ))}
          </tbody>
        </table>
      )}
    </Dialog>
  );
}

function Row({ cost, all }: { readonly cost: Cost; readonly all: number }) {
  const { node, seconds, memory } = cost;
  const share = all > 0 ? (seconds ?? 0) / all : 0;
  return (
    <tr>
      <th scope="row">
        <button type="button" onClick={() => go(node)}>
          {node}
        </button>
      </th>
      <td>{seconds === null ? t("meter.unknown") : duration(seconds)}</td>
      <td>
        <meter value={share} aria-label={t("timings.share")} /> {number(share * 100)} %
      </td>
      <td>{memory === null ? t("meter.unknown") : `${number(memory / MEGA, 1)} MB`}</td>
    </tr>
  );
}

function go(node: string): void {
  const path = node.split("/");
  view.setState({ dialog: null });
  goTo({ path: path.slice(0, -1), id: path.at(-1) ?? node });
}
