/** The scene of the level that is looked at, kept up with the document, the catalog and what runs add. */

import { createStore } from "zustand";
import { useStore } from "zustand/react";
import { type Marks, type Scene, sceneOf } from "../canvas/scene";
import { EMPTY } from "../graph/document";
import { activeTab, desk, levelOf } from "./desk";
import { knowledge } from "./knowledge";

const NOTHING: Marks = { shown: new Map(), faults: {} };

export const marks = createStore<Marks>(() => NOTHING);

export const stage = createStore<{ readonly scene: Scene }>(() => ({
  scene: { doc: EMPTY, nodes: new Map(), wires: [], frames: {}, notes: {}, points: {} },
}));

export function scene(): Scene {
  return stage.getState().scene;
}

export function useScene<V>(select: (scene: Scene) => V): V {
  return useStore(stage, (state) => select(state.scene));
}

/** `sub/inner/` where the level lies in subgraphs: ids of runs are those of the flat graph. */
export function prefix(): string {
  return activeTab()
    .path.map((id) => `${id}/`)
    .join("");
}

export function keepStage(): void {
  let drawn: readonly unknown[] = [];
  const draw = () => {
    const doc = levelOf(activeTab());
    const now = [doc, prefix(), knowledge.getState().know, marks.getState()];
    if (now.every((part, at) => part === drawn[at])) return;
    drawn = now;
    const last = scene();
    const next = sceneOf(knowledge.getState().know, doc, prefix(), marks.getState(), last);
    stage.setState({ scene: next });
  };
  desk.subscribe(draw);
  knowledge.subscribe(draw);
  marks.subscribe(draw);
  draw();
}

/** Forget what runs drew; where a run follows at once, pictures and words keep their room. */
export function clearMarks(keepRoom: boolean): void {
  marks.setState(({ shown }) => ({ shown: keepRoom ? shown : NOTHING.shown, faults: {} }));
}
