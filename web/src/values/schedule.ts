/** The noise that a denoiser was trained on, by timestep, as diffusers' schedulers compute it. */

import { isList, isObject, type Json, type JsonObject, numberOf } from "../graph/json";
import { parseJson } from "../graph/parse";

/** The noise beside the signal at each timestep; infinite where no signal is left. */
export function sigmasOf(schedule: Json): readonly number[] | null {
  if (!isObject(schedule)) return null;
  const betas = betasOf(schedule);
  if (!betas || betas.length === 0 || betas.some((beta) => !(beta >= 0 && beta <= 1))) return null;
  let left = 1;
  const signal = betas.map((beta) => {
    left *= 1 - beta;
    return left;
  });
  const kept = schedule.rescale_betas_zero_snr === true ? withoutLastSignal(signal) : signal;
  return kept.map((alpha) => Math.sqrt((1 - alpha) / alpha));
}

/** The schedule that a denoiser's value has as a text. */
export function scheduleIn(fields: Json): Json {
  if (!isObject(fields) || typeof fields.schedule !== "string") return null;
  try {
    return parseJson(fields.schedule);
  } catch {
    return null;
  }
}

function betasOf(schedule: JsonObject): readonly number[] | null {
  if (isList(schedule.trained_betas))
    return schedule.trained_betas.map((beta) => numberOf(beta) ?? Number.NaN);
  const count = numberOf(schedule.num_train_timesteps) ?? 1000;
  const [first, last] = [numberOf(schedule.beta_start) ?? 0.0001, numberOf(schedule.beta_end) ?? 0.02];
  if (!(count > 1 && count <= MOST)) return null;
  const line = (from: number, to: number) =>
    Array.from({ length: count }, (_, at) => from + ((to - from) * at) / (count - 1));
  switch (schedule.beta_schedule ?? "linear") {
    case "linear":
      return line(first, last);
    case "scaled_linear":
      return line(Math.sqrt(first), Math.sqrt(last)).map((root) => root * root);
    case "squaredcos_cap_v2":
      return Array.from({ length: count }, (_, at) =>
        Math.min(0.999, 1 - cosine((at + 1) / count) / cosine(at / count)),
      );
    default:
      return null;
  }
}

const MOST = 100_000;

/** Nichol and Dhariwal, arXiv 2102.09672. */
function cosine(part: number): number {
  return Math.cos(((part + 0.008) / 1.008) * (Math.PI / 2)) ** 2;
}

/** Lin et al., arXiv 2305.08891, algorithm 1: the last timestep is noise alone. */
function withoutLastSignal(signal: readonly number[]): readonly number[] {
  const roots = signal.map(Math.sqrt);
  const [first = 1, last = 0] = [roots[0], roots.at(-1)];
  return roots.map((root) => ((root - last) * (first / (first - last))) ** 2);
}
