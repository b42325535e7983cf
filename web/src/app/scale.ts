/** How large the interface is, and how much room that leaves; both stand at the root for the stylesheets. */

import { useSettings } from "./settings";

const SCALES = [0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2];
const MEDIUM = 1100;
const NARROW = 760;

export const SMALLEST = 0.8;
export const LARGEST = 2;

export function scale(): number {
  return useSettings.getState().scale;
}

export function setScale(next: number): void {
  useSettings.setState({ scale: Math.min(LARGEST, Math.max(SMALLEST, next)) });
}

export function larger(): void {
  setScale(SCALES.find((one) => one > scale() + 0.001) ?? LARGEST);
}

export function smaller(): void {
  setScale(SCALES.findLast((one) => one < scale() - 0.001) ?? SMALLEST);
}

/** Keep the root's marks up with the settings and the window. */
export function applyScale(): void {
  const apply = () => {
    const { scale: now, leftWidth, rightWidth } = useSettings.getState();
    const { style, dataset } = document.documentElement;
    style.setProperty("--scale", String(now));
    style.setProperty("--left-width", `${leftWidth}px`);
    style.setProperty("--right-width", `${rightWidth}px`);
    const room = innerWidth / now;
    dataset.room = room < NARROW ? "narrow" : room < MEDIUM ? "medium" : "wide";
  };
  addEventListener("resize", apply);
  useSettings.subscribe(apply);
  apply();
}
