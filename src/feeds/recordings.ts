import { includes } from "../../kernels/includes.ts";
import type { BatchStep, Feed, SampleRecords } from "../core/feed.ts";
import { SAMPLE_RECORD } from "../core/feed.ts";
import type { KernelRun, Phase, Scope } from "../core/scope.ts";
import { sizeOf } from "../core/shape.ts";
import type { RecordingSignal } from "../core/signal.ts";
import type { Source } from "../core/source.ts";
import { timeQuads } from "../core/time.ts";
import type { EventContent } from "../datasets/dataset.ts";
import type { Kernel } from "../gpu/kernel.ts";
import { BYTES_A_TEXEL } from "../gpu/texels.ts";
import { LateDispatch } from "./late_dispatch.ts";
import { byEvents } from "./lists.ts";

/** Bytes of a chunk's events, where one step doesn't take more. */
const CHUNK_BYTES = 1 << 21;
/** Words of a texel, each a place or a row. */
const WORDS = BYTES_A_TEXEL / 4;
/** What fills up the places of a time step. */
const NO_EVENT = 0xffffffff;

/** A kernel that reads the events, bound again where they get more room. */
interface Reader {
  readonly late: LateDispatch;
  readonly kernel: Kernel;
  readonly run: KernelRun;
}

/**
 * Brings the events of recordings to the device (`kernels/lib/recordings.wgsl`): those of each sample in the
 * order of time steps and, in a program that learns, those of a step's batch in the order of places. Events of
 * one place in one time step are one; those after T, or after the sample's end, are left out.
 */
export class Recordings implements Feed {
  readonly #scope: Scope;
  readonly #size: number;
  readonly #duration: number;
  readonly #readers: Reader[] = [];
  /** Words of the directory of a sample: where each time step starts, and where the last ends. */
  readonly #startWords: number;
  /** Words of the directory of places; none in a program that doesn't learn. */
  readonly #placeWords: number;
  #texture: GPUTexture | undefined;
  /** Texels that it has room for. */
  #capacity = 0;
  /** What is on its way to the device: kept, since it is large. */
  #words = new Uint32Array(0);
  /** The places of a sample's events in the order of their steps. */
  #places = new Uint32Array(0);
  /** For each place the step of its last event in a sample, from 1. */
  readonly #seen: Uint32Array;
  /** For each place how many events it has in a batch, then where the next goes. */
  readonly #ends: Uint32Array;

  /**
   * Makes the feed, without room so far.
   *
   * @param scope The program's.
   * @param signal The recordings.
   */
  constructor(scope: Scope, { shape, stepDuration }: RecordingSignal) {
    this.#scope = scope;
    this.#size = sizeOf(shape);
    this.#duration = stepDuration;
    this.#startWords = WORDS * (timeQuads(scope.timeSteps) + 1);
    this.#placeWords = scope.mode === "train" ? padded(this.#size + 1) : 0;
    this.#seen = new Uint32Array(this.#size);
    this.#ends = new Uint32Array(this.#size);
  }

  /**
   * Compiles a kernel that reads the events as `events`, and adds it to the end of a phase.
   *
   * @param phase When it runs.
   * @param run The kernel.
   */
  async run(phase: Phase, run: KernelRun): Promise<void> {
    const { name, texts, values } = run;
    const late = new LateDispatch(name);
    this.#scope.add(phase, late);
    const kernel = await this.#scope.gpu.compile({ name, texts, values, includes });
    this.#readers.push({ late, kernel, run });
  }

  /**
   * Steps that it holds at once.
   *
   * @param source The data set.
   * @returns At least 1.
   */
  stepsOf(source: Source): number {
    return Math.max(1, Math.floor(this.#capacity / this.#stepTexels(source)));
  }

  /**
   * Orders the samples of a batch: those with the most events first.
   *
   * @param source Where they are.
   * @param samples Which.
   * @returns The same samples.
   */
  order(source: Source, samples: Uint32Array): Uint32Array {
    return byEvents(source, samples);
  }

  /**
   * Makes room for a data set's steps.
   *
   * @param source The data set.
   * @param flush Submits the steps that were made ready before.
   * @param besides Data sets whose steps come in turn with those of this one.
   */
  async open(source: Source, flush: () => void, besides: readonly Source[] = []): Promise<void> {
    const texels = [source, ...besides].map((source) => this.#stepTexels(source));
    const wanted = Math.max(CHUNK_BYTES / BYTES_A_TEXEL, ...texels);
    if (wanted <= this.#capacity) return;
    const { step, samples } = this.#scope;
    const events = this.#scope.texture(wanted, "events");
    const dispatches = await Promise.all(
      this.#readers.map(({ kernel, run: { resources, workgroups } }) =>
        kernel.bind({ step, samples, ...resources, events }, workgroups)
      ),
    );
    flush();
    if (this.#texture) this.#scope.free(this.#texture);
    this.#texture = events;
    this.#capacity = wanted;
    dispatches.forEach((dispatch, i) => this.#readers[i]!.late.dispatch = dispatch);
  }

  /** Texels that a step of a data set takes at most. */
  #stepTexels(source: Source): number {
    const { batchSize, timeSteps } = this.#scope;
    const longest = source.once("longest recording", ({ content }) => {
      const { offsets } = content as EventContent;
      let most = 0;
      for (let i = 1; i < offsets.length; i++) most = Math.max(most, offsets[i]! - offsets[i - 1]!);
      return most;
    });
    // Each time step, and each place, may need filling up.
    const most = (events: number, lists: number) => events + (WORDS - 1) * Math.min(events, lists);
    const words = batchSize * (this.#startWords + most(longest, timeSteps)) +
      (this.#placeWords && this.#placeWords + most(batchSize * longest, this.#size));
    return Math.ceil(words / WORDS);
  }

  /**
   * Writes the events of some steps.
   *
   * @param steps The steps.
   * @param records The records of their samples.
   */
  load(steps: readonly BatchStep[], records: SampleRecords): void {
    const most = steps.reduce((sum, { source }) => sum + this.#stepTexels(source), 0);
    if (this.#words.length < WORDS * most) this.#words = new Uint32Array(WORDS * most);
    let end = 0;
    steps.forEach(({ source, samples }, step) => {
      const places = end;
      end += this.#placeWords;
      this.#ends.fill(0);
      const starts = Array.from(samples, (sample, i) => {
        records.words[records.at(step, i) + SAMPLE_RECORD.row] = end / WORDS;
        const start = end;
        end = this.#writeSample(source, sample, start);
        return start;
      });
      if (this.#placeWords > 0) end = this.#writePlaces(starts, places, end);
    });
    this.#scope.gpu.writeTexture(this.#texture!, this.#words.subarray(0, end));
  }

  /** Writes the events of a sample by their time steps. Returns the word after them. */
  #writeSample(source: Source, sample: number, start: number): number {
    const { offsets, places, times } = source.dataset.content as EventContent;
    const steps = source.lengthOf(sample, this.#scope.timeSteps);
    const [from, to] = [offsets[sample]!, offsets[sample + 1]!];
    const words = this.#words;
    if (this.#places.length < to - from) this.#places = new Uint32Array(to - from);
    // Where each step ends among the sample's events, in the directory so far.
    const ends = words.subarray(start, start + this.#startWords).fill(0);
    for (let i = from; i < to; i++) {
      const t = Math.floor(times[i]! / this.#duration);
      if (t < steps) ends[t + 1]!++;
    }
    for (let t = 1; t <= steps; t++) ends[t]! += ends[t - 1]!;
    for (let i = from; i < to; i++) {
      const t = Math.floor(times[i]! / this.#duration);
      if (t < steps) this.#places[ends[t]!++] = places[i]!;
    }
    this.#seen.fill(0);
    let end = start + this.#startWords;
    let next = 0;
    for (let t = 0; t < steps; t++) {
      const last = ends[t]!;
      ends[t] = (end - start) / WORDS;
      for (; next < last; next++) {
        const place = this.#places[next]!;
        if (this.#seen[place] === t + 1) continue;
        this.#seen[place] = t + 1;
        this.#ends[place]!++;
        words[end++] = place;
      }
      while (end % WORDS !== 0) words[end++] = NO_EVENT;
    }
    ends.fill((end - start) / WORDS, steps);
    return end;
  }

  /** Writes the events of a batch by their places, where those of its samples start. Returns the word after them. */
  #writePlaces(starts: readonly number[], directory: number, start: number): number {
    const { batchSize, timeSteps } = this.#scope;
    const rows = WORDS * timeQuads(timeSteps);
    const words = this.#words;
    const ends = this.#ends;
    let end = start;
    for (let place = 0; place < this.#size; place++) {
      words[directory + place] = end / WORDS;
      const count = ends[place]!;
      ends[place] = end;
      end += padded(count);
      words.fill(batchSize * rows, ends[place]! + count, end);
    }
    words[directory + this.#size] = end / WORDS;
    for (const [sample, from] of starts.entries()) {
      for (let t = 0; t < timeSteps; t++) {
        const last = from + WORDS * words[from + t + 1]!;
        for (let i = from + WORDS * words[from + t]!; i < last; i++) {
          const place = words[i]!;
          if (place !== NO_EVENT) words[ends[place]!++] = sample * rows + t;
        }
      }
    }
    return end;
  }
}

/** So many words, and those that fill up the last texel. */
function padded(words: number): number {
  return Math.ceil(words / WORDS) * WORDS;
}
