/** Search the whole graph, and go to what was found, into subgraphs too. */

import { spaced } from "../canvas/types";
import type { Doc } from "../graph/document";
import { type Spot, spotsOf } from "../graph/find";
import { problemsOf } from "../graph/problems";
import type { Knowledge } from "../graph/spec";
import { lookAt } from "./camera";
import { activeTab, showLevel } from "./desk";
import { runs } from "./following";
import { t } from "./i18n";
import { useSettings } from "./settings";
import { choose, view } from "./view";

/** All that can be found now; what the run said of its nodes counts too. */
export function spotsNow(know: Knowledge, doc: Doc, run: string | null): readonly Spot[] {
  const known = run === null ? null : runs.known(run);
  return spotsOf(know, doc, (level, id, flat) => {
    const live = known?.get(flat);
    const failed = live?.state.status === "failed" ? [live.state.message ?? ""] : [];
    const wrong = problemsOf(know, level).filter(({ node }) => node === id);
    return [...failed, ...wrong.map(({ code, port }) => `${t(`find.${code}`)} ${spaced(port ?? "")}`)].map(
      (text) => `${t("state.failed")}: ${text.trim()}`,
    );
  });
}

export function goTo({ path, id }: Pick<Spot, "path" | "id">): void {
  useSettings.setState({ form: false });
  if (activeTab().path.join("/") === path.join("/")) {
    choose([id]);
    requestAnimationFrame(() => lookAt(id));
    return;
  }
  view.setState({ seek: id });
  showLevel(path);
  choose([id]);
}
