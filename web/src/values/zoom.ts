/** Where a picture stands in its frame: how large its pixels are, and which of them is in the middle. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** `scale` is pixels of the screen for one of the picture; x and y are the picture's place in the middle. */
export interface Zoom extends Spot {
  readonly scale: number;
}

const LARGEST = 64;
const SMALLEST = 1 / 32;

/** The whole picture, as large as it fits; small pictures grow by whole factors, so that their pixels stay even. */
export function whole(frame: Size, picture: Size): Zoom {
  const scale = Math.min(frame.width / picture.width, frame.height / picture.height);
  return {
    scale: scale > 1 ? Math.min(LARGEST, Math.floor(scale)) : scale,
    x: picture.width / 2,
    y: picture.height / 2,
  };
}

/** Zoom so that what is under a spot of the frame stays there. */
export function zoomAt(zoom: Zoom, frame: Size, spot: Spot, factor: number): Zoom {
  const scale = Math.min(LARGEST, Math.max(SMALLEST, zoom.scale * factor));
  const under = place(zoom, frame, spot);
  return {
    scale,
    x: under.x - (spot.x - frame.width / 2) / scale,
    y: under.y - (spot.y - frame.height / 2) / scale,
  };
}

/** Move by pixels of the screen; the middle stays on the picture. */
export function pan(zoom: Zoom, picture: Size, dx: number, dy: number): Zoom {
  return {
    scale: zoom.scale,
    x: within(zoom.x - dx / zoom.scale, picture.width),
    y: within(zoom.y - dy / zoom.scale, picture.height),
  };
}

/** Which place of the picture is at a spot of the frame. */
export function place(zoom: Zoom, frame: Size, spot: Spot): Spot {
  return {
    x: zoom.x + (spot.x - frame.width / 2) / zoom.scale,
    y: zoom.y + (spot.y - frame.height / 2) / zoom.scale,
  };
}

/** Where a place of the picture is in the frame. */
export function spotOf(zoom: Zoom, frame: Size, at: Spot): Spot {
  return {
    x: frame.width / 2 + (at.x - zoom.x) * zoom.scale,
    y: frame.height / 2 + (at.y - zoom.y) * zoom.scale,
  };
}

function within(value: number, length: number): number {
  return Math.min(length, Math.max(0, value));
}
