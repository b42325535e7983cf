/** Play a sound while it is made: each new part as soon as it is there, one after the other. */

import type { LiveSound } from "./liveSound";

/** The part of an AudioContext that is used here. */
export interface Speaker {
  readonly now: number;
  /** Play samples at a time; gives what stops them. */
  play(samples: Float32Array<ArrayBuffer>, rate: number, at: number): () => void;
}

const SOON = 0.05;

export class StreamPlayer {
  private readonly speaker: Speaker;
  private readonly stops: (() => void)[] = [];
  private next = 0;
  private end = 0;

  constructor(speaker: Speaker) {
    this.speaker = speaker;
  }

  /** Play what was not played yet, behind what still sounds. */
  feed({ samples, start, rate }: LiveSound): void {
    const from = Math.max(0, this.next - start);
    if (from >= samples.length) return;
    const part = samples.slice(from);
    const at = Math.max(this.end, this.speaker.now + SOON);
    this.stops.push(this.speaker.play(part, rate, at));
    this.next = start + samples.length;
    this.end = at + part.length / rate;
  }

  stop(): void {
    for (const stop of this.stops.splice(0)) stop();
  }
}

export function speakerOf(context: AudioContext): Speaker {
  return {
    get now() {
      return context.currentTime;
    },
    play(samples, rate, at) {
      const buffer = context.createBuffer(1, samples.length, rate);
      buffer.copyToChannel(samples, 0);
      const source = new AudioBufferSourceNode(context, { buffer });
      source.connect(context.destination);
      source.start(at);
      return () => source.stop();
    },
  };
}
