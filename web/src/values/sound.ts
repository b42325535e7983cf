/** Sound as pictures: how far it swings in each column, and which tones are in it when. */

export interface Swing {
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/** The least and the most of the samples of each column. */
export function swings(samples: Float32Array, columns: number): Swing {
  const low = new Float32Array(columns);
  const high = new Float32Array(columns);
  for (let column = 0; column < columns; column += 1) {
    const start = Math.floor((column * samples.length) / columns);
    const end = Math.floor(((column + 1) * samples.length) / columns);
    let least = samples[start] ?? 0;
    let most = least;
    for (let at = start + 1; at < end; at += 1) {
      const value = samples[at] ?? 0;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    low[column] = least;
    high[column] = most;
  }
  return { low, high };
}

/** All channels as one. */
export function mixed(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array()] = channels;
  if (channels.length < 2) return first;
  return first.map((_, at) => channels.reduce((sum, one) => sum + (one[at] ?? 0), 0) / channels.length);
}

export interface Spectrogram {
  readonly columns: number;
  /** Tones, from 0 Hz to half the rate. */
  readonly bins: number;
  /** In decibels below the loudest possible tone, column by column. */
  readonly level: Float32Array;
}

const QUIET = 1e-10;

/** The short-time Fourier transform, with a Hann window; `size` is a power of two, a column for each so many samples. */
export function spectrogram(samples: Float32Array, size: number, columns: number): Spectrogram {
  const bins = size / 2;
  const window = hann(size);
  const level = new Float32Array(columns * bins);
  const step = Math.max(1, samples.length / columns);
  const [real, imaginary] = [new Float64Array(size), new Float64Array(size)];
  for (let column = 0; column < columns; column += 1) {
    const start = Math.round((column + 0.5) * step - size / 2);
    for (let at = 0; at < size; at += 1) {
      real[at] = (samples[start + at] ?? 0) * (window[at] ?? 0);
      imaginary[at] = 0;
    }
    fourier(real, imaginary);
    for (let bin = 0; bin < bins; bin += 1) {
      const power = Math.hypot(real[bin] ?? 0, imaginary[bin] ?? 0) / (size / 4);
      level[column * bins + bin] = 20 * Math.log10(Math.max(QUIET, power));
    }
  }
  return { columns, bins, level };
}

function hann(size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / size));
}

/** The fast Fourier transform in place (Cooley and Tukey 1965), of a power of two. */
export function fourier(real: Float64Array, imaginary: Float64Array): void {
  const size = real.length;
  for (let at = 1, mirrored = 0; at < size; at += 1) {
    let bit = size >> 1;
    for (; mirrored & bit; bit >>= 1) mirrored ^= bit;
    mirrored ^= bit;
    if (at < mirrored) {
      swap(real, at, mirrored);
      swap(imaginary, at, mirrored);
    }
  }
  for (let length = 2; length <= size; length *= 2) butterflies(real, imaginary, length);
}

function butterflies(real: Float64Array, imaginary: Float64Array, length: number): void {
  const half = length / 2;
  for (let at = 0; at < half; at += 1) {
    const angle = (-2 * Math.PI * at) / length;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    for (let a = at; a < real.length; a += length) {
      const b = a + half;
      const [br, bi] = [real[b] ?? 0, imaginary[b] ?? 0];
      const [tr, ti] = [br * cos - bi * sin, br * sin + bi * cos];
      const [ar, ai] = [real[a] ?? 0, imaginary[a] ?? 0];
      real[a] = ar + tr;
      imaginary[a] = ai + ti;
      real[b] = ar - tr;
      imaginary[b] = ai - ti;
    }
  }
}

function swap(values: Float64Array, a: number, b: number): void {
  const kept = values[a] ?? 0;
  values[a] = values[b] ?? 0;
  values[b] = kept;
}

const WAVE = { riff: 0x52494646, fmt: 0x666d7420 };
const USUAL = 44_100;

/** The rate in the header of a WAV file, so that it is decoded without being resampled. */
export function rateOf(file: ArrayBuffer): number {
  const view = new DataView(file);
  if (file.byteLength < 44 || view.getUint32(0) !== WAVE.riff) return USUAL;
  for (let at = 12; at + 16 <= file.byteLength; at += 8 + view.getUint32(at + 4, true)) {
    if (view.getUint32(at) === WAVE.fmt) return view.getUint32(at + 12, true);
  }
  return USUAL;
}
