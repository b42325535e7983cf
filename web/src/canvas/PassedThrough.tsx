/** The wires that run through a bypassed node, from the inputs that pass to the outputs that give them. */

import type { SceneNode } from "./scene";
import { typeClass } from "./types";

export function PassedThrough({ node }: { readonly node: SceneNode }) {
  const { width, height } = node.layout;
  return (
    <svg className="passed-through" width={width} height={height} aria-hidden="true">
      {throughOf(node).map(({ output, colour, from, to }) => (
        <path
          key={output}
          className={`wire-line ${colour}`}
          d={`M0,${from} C${width / 2},${from} ${width / 2},${to} ${width},${to}`}
        />
      ))}
    </svg>
  );
}

export interface Through {
  readonly output: string;
  readonly colour: string;
  readonly from: number;
  readonly to: number;
}

/** Where a bypassed node is crossed: the heights of the sockets, inside the node. */
export function throughOf({ node, spec, layout }: SceneNode): readonly Through[] {
  const height = (side: "input" | "output", port: string) =>
    layout.handles.find((handle) => handle.side === side && handle.id === port)?.y;
  return Object.entries(node.bypass ?? {}).flatMap(([output, input]): Through[] => {
    const [from, to] = [height("input", input), height("output", output)];
    const port = spec.outputs.find(({ name }) => name === output);
    return from === undefined || to === undefined || !port
      ? []
      : [{ output, colour: typeClass(port.type), from, to }];
  });
}
