import { expect, test } from "vitest";
import { joined, type LiveSound, LiveSounds, readPiece } from "../../../src/live/liveSound";
import { StreamPlayer } from "../../../src/live/streamPlayer";

const RATE = 8000;

/** A WAV of 16 bits that says how many samples come before it, as nodes/sounding.py writes them. */
function wav(start: number, values: readonly number[]): Uint8Array {
  const parts = [
    part(
      "fmt ",
      (view) => {
        view.setUint16(0, 1, true);
        view.setUint16(2, 1, true);
        view.setUint32(4, RATE, true);
        view.setUint16(14, 16, true);
      },
      16,
    ),
    part("bext", (view) => view.setBigUint64(338, BigInt(start), true), 602),
    part(
      "data",
      (view) => {
        for (const [at, value] of values.entries()) view.setInt16(at * 2, value, true);
      },
      values.length * 2,
    ),
  ];
  return Uint8Array.from([
    ...new TextEncoder().encode("RIFF____WAVE"),
    ...parts.flatMap((each) => [...each]),
  ]);
}

function part(name: string, fill: (view: DataView) => void, size: number): Uint8Array {
  const made = new Uint8Array(8 + size);
  made.set(new TextEncoder().encode(name));
  new DataView(made.buffer).setUint32(4, size, true);
  fill(new DataView(made.buffer, 8));
  return made;
}

const sound = (start: number, values: readonly number[]): LiveSound => ({
  rate: RATE,
  start,
  samples: Float32Array.from(values),
});

test("a piece says where it begins", () => {
  const piece = readPiece(wav(16_000, [16_384, -32_768, 0]));
  expect(piece).toEqual({ rate: RATE, start: 16_000, samples: Float32Array.from([0.5, -1, 0]) });
  expect(readPiece(new Uint8Array(20))).toBeNull();
});

test("pieces overlap; one that was dropped leaves silence only where nothing else says what was there", () => {
  const first = joined(undefined, sound(0, [1, 2, 3]));
  expect([...joined(first, sound(2, [3, 4])).samples]).toEqual([1, 2, 3, 4]);
  expect([...joined(first, sound(5, [6])).samples]).toEqual([1, 2, 3, 0, 0, 6]);
  expect([...joined(first, sound(0, [9])).samples]).toEqual([9]); // it was begun again
});

test("no more than a bounded number of samples is kept", () => {
  const long = joined(sound(0, [1]), { rate: RATE, start: 1, samples: new Float32Array(3_000_000) });
  expect(long.samples.length).toBe(2 ** 21);
  expect(long.start).toBe(3_000_001 - 2 ** 21);
});

test("who watches a node is told of its pieces alone, until the run is forgotten", () => {
  const sounds = new LiveSounds();
  let told = 0;
  const stop = sounds.subscribe("r", "a", () => {
    told += 1;
  });
  sounds.add("r", "a", wav(0, [1, 2]));
  sounds.add("r", "b", wav(0, [1]));
  expect(told).toBe(1);
  expect(sounds.of("r", "a")?.samples.length).toBe(2);
  stop();
  sounds.forget("r");
  expect([told, sounds.of("r", "a")]).toEqual([1, null]);
});

test("each part is played once, behind the last; after a pause at once", () => {
  const played: { count: number; at: number }[] = [];
  const speaker = {
    now: 1,
    play: (samples: Float32Array, _rate: number, at: number) => {
      played.push({ count: samples.length, at });
      return () => undefined;
    },
  };
  const player = new StreamPlayer(speaker);
  player.feed({ rate: 10, start: 0, samples: new Float32Array(20) });
  player.feed({ rate: 10, start: 0, samples: new Float32Array(20) });
  player.feed({ rate: 10, start: 10, samples: new Float32Array(30) });
  speaker.now = 9;
  player.feed({ rate: 10, start: 10, samples: new Float32Array(40) });
  expect(played).toEqual([
    { count: 20, at: 1.05 },
    { count: 20, at: 3.05 },
    { count: 10, at: 9.05 },
  ]);
});
