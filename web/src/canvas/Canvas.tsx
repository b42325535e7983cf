/** The canvas: React Flow near by, one drawing from afar. */

import {
  Background,
  BackgroundVariant,
  type EdgeTypes,
  type NodeTypes,
  ReactFlow,
  type ReactFlowState,
  SelectionMode,
  useStore,
} from "@xyflow/react";
import { useMemo, useRef } from "react";
import { camera } from "../app/camera";
import { useTab } from "../app/desk";
import { t } from "../app/i18n";
import { useSettings } from "../app/settings";
import { useScene } from "../app/stage";
import { useView, view } from "../app/view";
import type { Point, Table } from "../graph/document";
import { pointOf } from "../graph/edit/routes";
import { CameraKeeper } from "./CameraKeeper";
import { CanvasMenu } from "./CanvasMenu";
import { ConnectionLine } from "./ConnectionLine";
import { EmptyCanvas } from "./EmptyCanvas";
import { FrameView } from "./FrameView";
import { FAR } from "./far";
import { Guides } from "./Guides";
import { clearChoice, GESTURES } from "./gestures";
import { useWalk } from "./keyboardNav";
import { Minimap } from "./Minimap";
import { NodeView } from "./NodeView";
import { NoteView } from "./NoteView";
import { Overview } from "./Overview";
import { PointView } from "./PointView";
import { StrokeLayer } from "./StrokeLayer";
import { shownWires } from "./shownWires";
import { FlowMaker, type Shown, type ShownWire } from "./toFlow";
import { VerdictTip } from "./VerdictTip";
import { WireView } from "./WireView";
import { ZoomBar } from "./ZoomBar";

const NODES: NodeTypes = { node: NodeView, frame: FrameView, note: NoteView, point: PointView };
const WIRES: EdgeTypes = { wire: WireView };
const NO_NODES: Shown[] = [];
const NO_WIRES: ShownWire[] = [];
const isFar = (state: ReactFlowState) => state.transform[2] < FAR;
const GRID: [number, number] = [8, 8];
const PAN_MOUSE = [0, 1];
const PAN_TRACKPAD = [1];

export function Canvas() {
  const leaping = useView((now) => now.leaping);
  const far = useStore(isFar) || leaping;
  const shown = useShown(far);
  const walk = useWalk();
  const { snap, pointer } = useSettings();
  const name = useTab((tab) => tab.history.doc.name);
  const mouse = pointer === "mouse";
  return (
    <CanvasMenu>
      <div
        className={`canvas ${far ? "far" : ""}`}
        role="application"
        aria-label={t("canvas.label", { name })}
        onKeyDown={walk}
        onDoubleClick={ask}
      >
        <StrokeLayer>
          <ReactFlow<Shown, ShownWire>
            nodes={shown.nodes}
            edges={shown.wires}
            nodeTypes={NODES}
            edgeTypes={WIRES}
            {...GESTURES}
            onPaneClick={clearChoice}
            connectionLineComponent={ConnectionLine}
            connectOnClick={false}
            connectionRadius={20}
            reconnectRadius={14}
            onlyRenderVisibleElements
            snapToGrid={snap}
            snapGrid={GRID}
            minZoom={0.03}
            maxZoom={3}
            deleteKeyCode={null}
            selectionKeyCode="Shift"
            multiSelectionKeyCode={MULTI}
            panOnDrag={mouse ? PAN_MOUSE : PAN_TRACKPAD}
            selectionOnDrag={!mouse}
            panOnScroll={!mouse}
            selectionMode={SelectionMode.Partial}
            zoomOnDoubleClick={false}
            disableKeyboardA11y
            elevateNodesOnSelect={false}
          >
            <CameraKeeper />
            <Background variant={BackgroundVariant.Dots} gap={20} size={2} color="var(--dots)" />
            {far && <Overview />}
            <Guides />
            <Minimap />
            <ZoomBar />
          </ReactFlow>
        </StrokeLayer>
        <EmptyCanvas />
        <VerdictTip />
      </div>
    </CanvasMenu>
  );
}

const MULTI = ["Shift", "Control", "Meta"];

/** Nodes and wires for React Flow; from afar there are none, as one canvas draws them all. */
function useShown(far: boolean): { readonly nodes: Shown[]; readonly wires: ShownWire[] } {
  const maker = useRef<FlowMaker | null>(null);
  maker.current ??= new FlowMaker();
  const { current } = maker;
  const scene = useScene((now) => now);
  const chosen = useView((now) => now.chosen);
  const chosenWires = useView((now) => now.chosenWires);
  const drag = useView((now) => now.drag);
  const pulled = useView((now) => (now.drag && pullsPoints(now.drag) ? now.drag : null));
  const which = useSettings((now) => now.shownWires);
  const nodes = useMemo(
    () => (far ? NO_NODES : current.nodesOf(scene, chosen, drag)),
    [current, far, scene, chosen, drag],
  );
  const wires = useMemo(
    () =>
      far
        ? NO_WIRES
        : current.wiresOf(shownWires(scene.wires, which, chosen, chosenWires), {
            nodes: chosen,
            wires: chosenWires,
            drag: pulled,
          }),
    [current, far, which, scene, chosen, chosenWires, pulled],
  );
  return { nodes, wires };
}

/** Wires are drawn anew while a point of one is dragged, and only then. */
function pullsPoints(drag: Table<Point>): boolean {
  return Object.keys(drag).some((id) => pointOf(id) !== null);
}

/** A double click on nothing asks for a node. */
function ask(event: React.MouseEvent): void {
  if (!(event.target instanceof Element) || !event.target.matches(".react-flow__pane")) return;
  const screen = { x: event.clientX, y: event.clientY };
  view.setState({ asking: { at: camera()?.toGraph(screen) ?? screen, screen, need: null, wiring: null } });
}
