/** Colours for numbers. */

export type Rgb = readonly [red: number, green: number, blue: number];

/** From -1 to 1: blue below zero, orange above, dark at zero; what is no number is magenta. */
export function diverging(value: number): Rgb {
  if (Number.isNaN(value)) return [255, 0, 255];
  const part = Math.min(1, Math.abs(value));
  const mix = (low: number, high: number) => Math.round(low + (high - low) * part);
  return value < 0 ? [mix(28, 83), mix(31, 182), mix(36, 235)] : [mix(28, 237), mix(31, 156), mix(36, 85)];
}

const HEAT: readonly Rgb[] = [
  [10, 8, 30],
  [80, 18, 110],
  [187, 55, 84],
  [249, 142, 9],
  [252, 255, 164],
];

/** From 0 to 1: from night over fire to nearly white, ever brighter, so that it reads without colours too. */
export function heat(value: number): Rgb {
  const at = Math.min(1, Math.max(0, Number.isNaN(value) ? 0 : value)) * (HEAT.length - 1);
  const [low, high] = [HEAT[Math.floor(at)] ?? [0, 0, 0], HEAT[Math.ceil(at)] ?? [0, 0, 0]];
  const part = at - Math.floor(at);
  const mix = (channel: 0 | 1 | 2) => Math.round(low[channel] + (high[channel] - low[channel]) * part);
  return [mix(0), mix(1), mix(2)];
}
