/** Frames of a film and the seconds that they stand at. */

/** How many frames there are; a film of no time has one. */
export function frameCount(seconds: number, fps: number): number {
  return Math.max(1, Math.round(seconds * fps));
}

/** The frame that is seen at a time. */
export function frameAt(seconds: number, fps: number, count: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor(seconds * fps + 1e-3)));
}

/** A time at which a frame is surely seen: its middle. */
export function timeOf(frame: number, fps: number): number {
  return (frame + 0.5) / fps;
}
