/**
 * Lists of the places that are active in each sample: what sparse signals are made of.
 *
 * @module
 */

import type { Source } from "../core/source.ts";
import { eventTime } from "../core/time.ts";
import type { Dataset, EventContent } from "../datasets/dataset.ts";

/** A list for each sample: `place | value << 24`, places ascending. */
export interface Lists {
  /** How long the longest list is. */
  readonly longest: number;
  /**
   * How long a sample's list is.
   *
   * @param sample Its index.
   */
  lengthOf(sample: number): number;
  /**
   * Copies a sample's list.
   *
   * @param sample Its index.
   * @param target Where to.
   * @param at The index of the first entry there.
   */
  copy(sample: number, target: Uint32Array, at: number): void;
  /**
   * Copies the spike bits of a sample's entries, where the data have times: `[entry][blocks][4]` words.
   *
   * @param sample Its index.
   * @param target Where to.
   * @param at The index of the first word there.
   */
  copySpikes?(sample: number, target: Uint32Array, at: number): void;
}

/** Places that a word of a mask stands for. */
const WORD = 32;
/** What a list can tell apart: a place is 24 bits of an entry. */
export const MOST_PLACES = 2 ** 24;

const sizeOf = ({ shape }: Dataset) => shape.reduce((product, size) => product * size, 1);
const most = (lengths: Uint32Array) => lengths.reduce((a, b) => Math.max(a, b), 0);

/**
 * The bytes of a data set: its own, or those nearest to its floats, which must be 0 to 1.
 *
 * @param dataset The data set.
 * @returns `[count, ...shape]`.
 * @throws {TypeError} If it holds something else.
 * @throws {RangeError} If a float is out of range.
 */
export function bytesOf({ content }: Dataset): Uint8Array {
  if (content.kind === "bytes") return content.data;
  if (content.kind !== "floats" || content.timeSteps !== undefined) {
    throw new TypeError("Cannot take bytes from samples that have times");
  }
  return Uint8Array.from(content.data, (value, i) => {
    if (value >= 0 && value <= 1) return Math.round(255 * value);
    throw new RangeError(
      `Cannot encode floats as spikes as they must be 0 to 1: number ${i} is ${value}`,
    );
  });
}

/** Which of four bytes aren't 0, a bit each. Without a branch, which would be guessed wrongly at each edge. */
function activeOf(four: number): number {
  // The highest bit of each byte that isn't 0; then the four of them side by side.
  const highest = (((four & 0x7f7f7f7f) + 0x7f7f7f7f) | four) & 0x80808080;
  return Math.imul(highest >>> 7, 0x10204080) >>> 28;
}

/** How many bits of a word are set. */
function bitsOf(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/**
 * Lists the bytes of each sample that aren't 0. Most of most images are, and cost nothing this way. Only
 * which they are is kept, one bit each: the lists of MNIST would take as much as its images.
 *
 * @param source The samples.
 * @returns The lists.
 */
export function activeLists(source: Source): Lists {
  return source.once("active lists", (dataset) => {
    const bytes = bytesOf(dataset);
    const { count } = dataset;
    const size = sizeOf(dataset);
    const words = Math.ceil(size / WORD);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const masks = new Uint32Array(count * words);
    const lengths = new Uint32Array(count);
    for (let sample = 0; sample < count; sample++) {
      for (let word = 0; word < words; word++) {
        const first = sample * size + word * WORD;
        const bits = Math.min(WORD, size - word * WORD);
        let mask = 0;
        let bit = 0;
        for (; bit + 4 <= bits; bit += 4) {
          mask |= activeOf(view.getUint32(first + bit, true)) << bit;
        }
        for (; bit < bits; bit++) mask |= Math.min(bytes[first + bit]!, 1) << bit;
        masks[sample * words + word] = mask;
        lengths[sample]! += bitsOf(mask);
      }
    }
    return {
      longest: most(lengths),
      lengthOf: (sample) => lengths[sample]!,
      copy(sample, target, at) {
        const offset = sample * size;
        for (let word = 0; word < words; word++) {
          let mask = masks[sample * words + word]! | 0;
          while (mask !== 0) {
            const lowest = mask & -mask;
            const place = word * WORD + 31 - Math.clz32(lowest);
            target[at++] = place | bytes[offset + place]! << 24;
            mask ^= lowest;
          }
        }
      },
    };
  });
}

/**
 * Lists all bytes of each sample, for encoders that let those of value 0 spike.
 *
 * @param source The samples.
 * @returns The lists.
 */
export function wholeLists(source: Source): Lists {
  return source.once("whole lists", (dataset) => {
    const bytes = bytesOf(dataset);
    const size = sizeOf(dataset);
    return {
      longest: size,
      lengthOf: () => size,
      copy(sample, target, at) {
        const offset = sample * size;
        for (let i = 0; i < size; i++) target[at + i] = i | bytes[offset + i]! << 24;
      },
    };
  });
}

/** How the times of events become time steps. */
export interface EventBins {
  /** T, the number of time steps. */
  readonly timeSteps: number;
  /** How long a time step is, in the unit of the events' times. */
  readonly duration: number;
}

/**
 * Lists the places of each sample that have an event within T, with their spikes. Events of one place in
 * one time step are one spike; those after T, or after the sample's end, are left out. Only how long the
 * lists are is kept: those of a large data set would take many times as much as its events.
 *
 * @param source The samples.
 * @param bins How times become time steps.
 * @returns The lists.
 */
export function eventLists(source: Source, bins: EventBins): Lists {
  return source.once(`event lists ${bins.timeSteps} ${bins.duration}`, (dataset) => {
    const content = dataset.content as EventContent;
    const lengths = countPlaces(content, source, bins);
    let last: { sample: number; binned: ReturnType<typeof binEvents> } | undefined;
    // Places and spikes of a sample are asked for one after the other.
    const binned = (sample: number) => {
      if (last?.sample !== sample) {
        const steps = source.lengthOf(sample, bins.timeSteps);
        last = { sample, binned: binEvents(content, sample, bins, steps) };
      }
      return last.binned;
    };
    return {
      longest: most(lengths),
      lengthOf: (sample) => lengths[sample]!,
      copy: (sample, target, at) => target.set(binned(sample).places, at),
      copySpikes: (sample, target, at) => target.set(binned(sample).spikes, at),
    };
  });
}

/** How many places of each sample have an event within T. */
function countPlaces(
  { offsets, places, times }: EventContent,
  source: Source,
  { timeSteps, duration }: EventBins,
): Uint32Array {
  const { dataset } = source;
  const lengths = new Uint32Array(dataset.count);
  // The last sample that had an event at each place, from 1.
  const seen = new Uint32Array(sizeOf(dataset));
  for (let sample = 0; sample < dataset.count; sample++) {
    const steps = source.lengthOf(sample, timeSteps);
    for (let event = offsets[sample]!; event < offsets[sample + 1]!; event++) {
      const place = places[event]!;
      if (seen[place] === sample + 1 || Math.floor(times[event]! / duration) >= steps) continue;
      seen[place] = sample + 1;
      lengths[sample]!++;
    }
  }
  return lengths;
}

/** The places of a sample that spike in its steps, ascending, and `[place][blocks][4]` words of their spikes. */
function binEvents(
  { offsets, places, times }: EventContent,
  sample: number,
  { timeSteps, duration }: EventBins,
  steps: number,
): { places: Uint32Array; spikes: Uint32Array } {
  const { wordSteps, blocks } = eventTime(timeSteps);
  const words = new Map<number, Uint32Array>();
  for (let event = offsets[sample]!; event < offsets[sample + 1]!; event++) {
    const t = Math.floor(times[event]! / duration);
    if (t >= steps) continue;
    const place = places[event]!;
    let own = words.get(place);
    if (!own) words.set(place, own = new Uint32Array(4 * blocks));
    own[Math.floor(t / wordSteps)]! |= 1 << t % wordSteps;
  }
  const sorted = Uint32Array.from(words.keys()).sort();
  const spikes = new Uint32Array(sorted.length * 4 * blocks);
  sorted.forEach((place, i) => spikes.set(words.get(place)!, i * 4 * blocks));
  return { places: sorted, spikes };
}

/**
 * The recordings of a batch, those with the most events first, in whatever form a feed brings them: what is drawn
 * at random for the places of a batch is then the same.
 *
 * @param source Where they are.
 * @param samples Which.
 * @returns The same samples; those with as many events stay in their order.
 */
export function byEvents({ dataset }: Source, samples: Uint32Array): Uint32Array<ArrayBuffer> {
  const { offsets } = dataset.content as EventContent;
  return byLength({ lengthOf: (sample) => offsets[sample + 1]! - offsets[sample]! }, samples);
}

/**
 * The samples of a batch, those with the longest lists first: lanes side by side then finish together.
 *
 * @param lists The lists.
 * @param samples The samples.
 * @returns The same samples; those of equal lists stay in their order.
 */
export function byLength(
  lists: Pick<Lists, "lengthOf">,
  samples: Uint32Array,
): Uint32Array<ArrayBuffer> {
  let longest = 0;
  for (const sample of samples) longest = Math.max(longest, lists.lengthOf(sample));
  // Places by how much shorter than the longest a list is; after the sums, where the next of them goes.
  const places = new Uint32Array(longest + 2);
  for (const sample of samples) places[longest - lists.lengthOf(sample) + 1]!++;
  for (let i = 1; i < places.length; i++) places[i]! += places[i - 1]!;
  const sorted = new Uint32Array(samples.length);
  for (const sample of samples) sorted[places[longest - lists.lengthOf(sample)]!++] = sample;
  return sorted;
}
