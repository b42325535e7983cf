/** The steps that bring a waiting run to another place of the queue, where a step puts one run before another. */

export interface Step {
  readonly run: string;
  readonly before: string;
}

export function stepsTo(order: readonly string[], run: string, place: number): readonly Step[] {
  const rest = order.filter((other) => other !== run);
  const last = rest.at(-1);
  if (!order.includes(run) || last === undefined || order.indexOf(run) === place) return [];
  const next = rest[Math.max(0, place)];
  if (next !== undefined) return [{ run, before: next }];
  return [
    { run, before: last },
    { run: last, before: run },
  ];
}
