/** What keeps the graph from running; click to go there. */

import { TriangleAlert } from "lucide-react";
import { lookAt } from "../app/camera";
import { t } from "../app/i18n";
import { useKnow } from "../app/knowledge";
import { useScene } from "../app/stage";
import { choose, view } from "../app/view";
import type { Scene } from "../canvas/scene";
import { spaced, typeName } from "../canvas/types";
import { type Problem, problemKey, problemsOf } from "../graph/problems";
import { Dialog } from "../ui/Dialog";

export function Problems() {
  const know = useKnow();
  const scene = useScene((now) => now);
  const problems = problemsOf(know, scene.doc);
  return (
    <Dialog label={t("problems.title")}>
      {problems.length === 0 && <p>{t("problems.none")}</p>}
      <ul className="problems">
        {problems.map((problem) => (
          <li key={problemKey(problem)}>
            <button type="button" className="library-entry" onClick={() => go(problem.node)}>
              <TriangleAlert className="icon bad" aria-hidden="true" />
              <span>{problemText(scene, problem)}</span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function problemText(scene: Scene, problem: Problem): string {
  const node = titled(scene, problem.node);
  switch (problem.code) {
    case "unknown":
    case "version":
      return t(`problem.${problem.code}`, { node, type: problem.type });
    case "circle":
      return t("problem.circle", { node });
    case "missing":
      return t("problem.missing", { node, port: spaced(problem.port), type: typeName(problem.type) });
    case "muted":
      return t("problem.muted", { node, port: spaced(problem.port), by: titled(scene, problem.by) });
    case "mismatch":
      return t("problem.mismatch", {
        node,
        port: spaced(problem.port),
        given: typeName(problem.given),
        wanted: typeName(problem.wanted),
      });
  }
}

function titled(scene: Scene, id: string): string {
  return scene.nodes.get(id)?.title ?? id;
}

function go(id: string): void {
  view.setState({ dialog: null });
  choose([id]);
  lookAt(id);
}
