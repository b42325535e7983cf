import { expect, test } from "vitest";
import { parseJson } from "../../../src/graph/parse";
import { FilmStrips } from "../../../src/live/filmStrip";
import { scheduleIn, sigmasOf } from "../../../src/values/schedule";

const sigmas = (text: string) => sigmasOf(parseJson(text)) ?? [];

test("sigmas are those of diffusers' schedulers, at the first, the middle and the last timestep", () => {
  const known: readonly [string, readonly number[]][] = [
    [
      '{"beta_start":0.00085,"beta_end":0.012,"beta_schedule":"scaled_linear"}',
      [0.0291675, 1.612887, 14.614647],
    ],
    ['{"beta_schedule":"linear"}', [0.0100013, 3.424137, 157.40727]],
    ['{"beta_schedule":"squaredcos_cap_v2"}', [0.0064271, 1.01239, 20291.3]],
    [
      '{"beta_schedule":"squaredcos_cap_v2","rescale_betas_zero_snr":true}',
      [0.0064132, 1.01243, Number.POSITIVE_INFINITY],
    ],
  ];
  for (const [text, expected] of known) {
    const found = sigmas(text);
    expect(found).toHaveLength(1000);
    expected.forEach((sigma, place) => {
      const value = found[[0, 499, 999][place] ?? 0] ?? 0;
      if (Number.isFinite(sigma)) expect(Math.abs(value / sigma - 1)).toBeLessThan(2e-3);
      else expect(value).toBe(sigma);
    });
  }
});

test("a schedule that is not known has no curve", () => {
  for (const text of [
    "null",
    '{"beta_schedule":"sigmoid"}',
    '{"num_train_timesteps":1}',
    '{"trained_betas":[2]}',
  ]) {
    expect(sigmasOf(parseJson(text))).toBeNull();
  }
  expect(scheduleIn({ schedule: "{" })).toBeNull();
  expect(scheduleIn({ schedule: '{"a":1}' })).toEqual({ a: 1 });
});

test("a strip keeps at most 24 frames, evenly spread, and begins anew with its node", () => {
  const strips = new FilmStrips();
  const preview = {
    run: 0,
    node: 0,
    item: null,
    seq: 0,
    mediaType: "image/jpeg",
    image: new Uint8Array([1]),
  };
  const steps = () => strips.of("r", "sampler").map(({ step }) => step);
  for (const step of [1, 2, 2, 3]) strips.add("r", "sampler", step, preview);
  expect(steps()).toEqual([1, 2, 3]);
  for (let step = 4; step <= 60; step += 1) strips.add("r", "sampler", step, preview);
  expect(steps()).toEqual(Array.from({ length: 15 }, (_, at) => (at + 1) * 4));
  strips.add("r", "sampler", 4, preview);
  expect(steps()).toEqual([4]);
  strips.forget("r");
  expect(steps()).toEqual([]);
});
