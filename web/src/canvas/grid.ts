/** Finds the node at a point: an index of squares, so that 3000 nodes are not walked. */

import type { Point } from "../graph/document";
import type { Scene } from "./scene";

const SQUARE = 512;

export class Grid {
  private readonly squares = new Map<string, string[]>();
  private readonly scene: Scene;

  constructor(scene: Scene) {
    this.scene = scene;
    for (const { id, box } of scene.nodes.values()) {
      for (let x = square(box.x); x <= square(box.x + box.width); x += 1) {
        for (let y = square(box.y); y <= square(box.y + box.height); y += 1) this.put(`${x} ${y}`, id);
      }
    }
  }

  at(point: Point): string | null {
    const near = this.squares.get(`${square(point.x)} ${square(point.y)}`) ?? [];
    const hit = near.findLast((id) => {
      const box = this.scene.nodes.get(id)?.box;
      return (
        box &&
        point.x >= box.x &&
        point.x <= box.x + box.width &&
        point.y >= box.y &&
        point.y <= box.y + box.height
      );
    });
    return hit ?? null;
  }

  private put(key: string, id: string): void {
    const ids = this.squares.get(key);
    if (ids) ids.push(id);
    else this.squares.set(key, [id]);
  }
}

function square(value: number): number {
  return Math.floor(value / SQUARE);
}
