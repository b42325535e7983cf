import { expect, test } from "vitest";
import { frameAt, frameCount, timeOf } from "../../../src/values/frames";
import { fourier, mixed, rateOf, spectrogram, swings } from "../../../src/values/sound";

const RATE = 8000;

function sine(hertz: number, seconds: number, loud = 1): Float32Array {
  return Float32Array.from(
    { length: RATE * seconds },
    (_, at) => loud * Math.sin((2 * Math.PI * hertz * at) / RATE),
  );
}

test("a waveform keeps the least and the most of each column, however many samples that are", () => {
  const { low, high } = swings(new Float32Array([0, 1, -1, 0.5, 0.25, -0.25]), 3);
  expect([[...low], [...high]]).toEqual([
    [0, -1, -0.25],
    [1, 0.5, 0.25],
  ]);
  const few = swings(new Float32Array([0.5]), 4);
  expect([[...few.low], [...few.high]]).toEqual([
    [0.5, 0.5, 0.5, 0.5],
    [0.5, 0.5, 0.5, 0.5],
  ]);
  expect([...swings(new Float32Array(), 2).high]).toEqual([0, 0]);
});

test("the Fourier transform is the sum that defines it", () => {
  const values = [1, -2, 3, 0.5, 0, 4, -1, 2];
  const [real, imaginary] = [Float64Array.from(values), new Float64Array(8)];
  fourier(real, imaginary);
  for (let bin = 0; bin < 8; bin += 1) {
    const angle = (at: number) => (-2 * Math.PI * bin * at) / 8;
    expect(real[bin]).toBeCloseTo(values.reduce((sum, value, at) => sum + value * Math.cos(angle(at)), 0));
    expect(imaginary[bin]).toBeCloseTo(
      values.reduce((sum, value, at) => sum + value * Math.sin(angle(at)), 0),
    );
  }
});

test("a tone stands in its bin at its loudness, and where it begins", () => {
  const size = 512;
  const samples = new Float32Array(RATE * 2);
  samples.set(sine(1000, 1, 0.5), RATE);
  const { columns, bins, level } = spectrogram(samples, size, 40);
  expect([columns, bins]).toEqual([40, 256]);
  const column = (at: number) => level.subarray(at * bins, (at + 1) * bins);
  const loudest = column(30).reduce((best, value, bin, all) => (value > (all[best] ?? 0) ? bin : best), 0);
  expect(loudest).toBe((1000 / RATE) * size);
  expect(column(30)[loudest]).toBeCloseTo(20 * Math.log10(0.5), 1);
  expect(column(30)[loudest + 8]).toBeLessThan(-90);
  expect(Math.max(...column(5))).toBeLessThan(-150);
});

test("channels are mixed, and the rate is read from the file", () => {
  expect([...mixed([new Float32Array([1, 0]), new Float32Array([0, -1])])]).toEqual([0.5, -0.5]);
  const file = new DataView(new ArrayBuffer(60));
  file.setUint32(0, 0x52494646);
  file.setUint32(12, 0x4c495354); // another part comes first
  file.setUint32(16, 4, true);
  file.setUint32(24, 0x666d7420);
  file.setUint32(28, 16, true);
  file.setUint32(36, 22_050, true);
  expect(rateOf(file.buffer)).toBe(22_050);
  expect(rateOf(new ArrayBuffer(4))).toBe(44_100);
});

test("every frame is found at its own time, the first and the last too", () => {
  for (const fps of [8, 12.5, 24, 30_000 / 1001]) {
    const count = frameCount(17 / fps, fps);
    expect(count).toBe(17);
    for (let frame = 0; frame < count; frame += 1) {
      expect(frameAt(timeOf(frame, fps), fps, count)).toBe(frame);
      expect(frameAt(frame / fps, fps, count)).toBe(frame);
    }
  }
  expect(frameAt(99, 8, 17)).toBe(16);
  expect(frameCount(0, 25)).toBe(1);
});
