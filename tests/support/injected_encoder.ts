import type { Compilation, Encoder, EventSignal } from "../../mod.ts";
import type { PlanStep } from "../../src/network/plan.ts";
import { createEventSignal } from "../../src/signal/events.ts";
import { eventTime } from "../../src/signal/time.ts";

/** An encoder whose spikes a test writes itself. */
export class InjectedEncoder implements Encoder {
  #compilation!: Compilation;
  #signal!: EventSignal;

  compile(compilation: Compilation): Promise<EventSignal> {
    this.#compilation = compilation;
    this.#signal = createEventSignal(compilation);
    return Promise.resolve(this.#signal);
  }

  /** Writes spikes [T][batch][features], 0 or 1: every feature becomes an event. */
  write(spikes: ArrayLike<number>): void {
    const { gpu, batchSize, timeSteps, features } = this.#compilation;
    const { capacity, spikes: bits } = this.#signal;
    const { blocks, wordSteps } = eventTime(timeSteps);
    const words = new Uint32Array(batchSize * capacity * blocks * 4);
    for (let b = 0; b < batchSize; b++) {
      for (let i = 0; i < features; i++) {
        for (let t = 0; t < timeSteps; t++) {
          if (!spikes[(t * batchSize + b) * features + i]) continue;
          words[(b * capacity + i) * blocks * 4 + Math.floor(t / wordSteps)]! |= 1 << t % wordSteps;
        }
      }
    }
    gpu.writeTexture(bits, words);
  }

  /** What a step must hold so that each sample has all features as events. */
  batch(labels: ArrayLike<number>): Pick<PlanStep, "lists" | "images"> {
    const { features } = this.#compilation;
    const lists = {
      count: labels.length,
      labels,
      lengthOf: () => features,
      copy(_: number, target: Uint32Array, at: number) {
        for (let i = 0; i < features; i++) target[at + i] = i;
      },
    };
    return { lists, images: Uint32Array.from({ length: labels.length }, (_, i) => i) };
  }
}
