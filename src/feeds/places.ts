import type { BatchStep } from "../core/feed.ts";
import type { Source } from "../core/source.ts";

/** A sample that has a place, but isn't on the device yet. */
export interface MissingSample {
  /** Where it is. */
  readonly source: Source;
  /** Which one. */
  readonly sample: number;
  /** Its place, counted from the first place of the call that placed it. */
  readonly offset: number;
}

/** What has to be written so that all samples of some steps are on the device. */
export interface Placement {
  /** The place of the first unit to be written. */
  readonly first: number;
  /** How many units. */
  readonly length: number;
  /** What they hold. */
  readonly missing: readonly MissingSample[];
}

/**
 * Who lies where in memory of the device that samples stay in as long as there is room: places follow
 * each other, and where they come to an end all that are there go.
 */
export class Places {
  /** How many units there are. */
  readonly capacity: number;
  readonly #lengthOf: (source: Source, sample: number) => number;
  /** For each sample its place: units since the first sample of all, places that are gone counted. */
  readonly #places = new WeakMap<Source, Float64Array>();
  /** The place of the memory's first unit; those before it are gone. */
  #first = 1;
  /** The place after the last sample. */
  #end = 1;

  /**
   * Starts with nothing there.
   *
   * @param capacity How many units there are.
   * @param lengthOf How many of them a sample takes.
   */
  constructor(capacity: number, lengthOf: (source: Source, sample: number) => number) {
    this.capacity = capacity;
    this.#lengthOf = lengthOf;
  }

  /**
   * Gives each sample of some steps a place, those that are there already their own.
   *
   * @param steps The steps, whose samples fit in together.
   * @returns What has to be written.
   */
  place(steps: readonly BatchStep[]): Placement {
    let start = this.#end;
    let missing = this.#add(steps, start);
    if (this.#end - this.#first > this.capacity) {
      start = this.#first = this.#end;
      missing = this.#add(steps, start);
    }
    return { first: start - this.#first, length: this.#end - start, missing };
  }

  #add(steps: readonly BatchStep[], start: number): MissingSample[] {
    const missing: MissingSample[] = [];
    for (const { source, samples } of steps) {
      const places = this.#placesOf(source);
      for (const sample of samples) {
        if (places[sample]! >= this.#first) continue;
        places[sample] = this.#end;
        missing.push({ source, sample, offset: this.#end - start });
        this.#end += this.#lengthOf(source, sample);
      }
    }
    return missing;
  }

  /**
   * Where a sample lies that was placed.
   *
   * @param source Where it is.
   * @param sample Which one.
   * @returns The unit that it starts at.
   */
  of(source: Source, sample: number): number {
    return this.#placesOf(source)[sample]! - this.#first;
  }

  #placesOf(source: Source): Float64Array {
    let places = this.#places.get(source);
    if (!places) this.#places.set(source, places = new Float64Array(source.dataset.count));
    return places;
  }
}
