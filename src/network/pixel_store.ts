import type { Gpu } from "../gpu/gpu.ts";
import { BYTES_A_TEXEL } from "../gpu/texels.ts";
import type { PixelLists } from "./pixel_lists.ts";

/** Images, by their index in the lists. */
export interface ListedImages {
  /** The lists. */
  readonly lists: PixelLists;
  /** Which of them. */
  readonly images: Uint32Array;
}

/** Words of a texel. */
const WORDS = BYTES_A_TEXEL / 4;

/**
 * Lists of pixels on the device, one after the other in a texture (`kernels/lib/events.wgsl`). A list
 * stays there as long as there is room: a data set that fits is written once.
 */
export class PixelStore {
  /** The texture. */
  readonly texture: GPUTexture;
  readonly #capacity: number;
  /** For each image the place of its list: texels since the first list of all, places that are gone counted. */
  readonly #places = new WeakMap<PixelLists, Float64Array>();
  /** The place of the texture's first texel; those before it are gone. */
  #first = 1;
  /** The place after the last list. */
  #end = 1;
  /** Lists on their way to the device: kept, since they are large. */
  #words = new Uint32Array(0);

  /**
   * Makes an empty store.
   *
   * @param texture The texture.
   * @param capacity How many texels it has.
   */
  constructor(texture: GPUTexture, capacity: number) {
    this.texture = texture;
    this.#capacity = capacity;
  }

  /**
   * Writes the lists that aren't there yet. If they don't fit beside those that are, all those go.
   *
   * @param gpu The device.
   * @param wanted Images, whose lists the store can hold.
   */
  load(gpu: Gpu, wanted: readonly ListedImages[]): void {
    let start = this.#end;
    let missing = this.#place(wanted);
    if (this.#end - this.#first > this.#capacity) {
      start = this.#first = this.#end;
      missing = this.#place(wanted);
    }
    const length = WORDS * (this.#end - start);
    if (length === 0) return;
    if (this.#words.length < length) this.#words = new Uint32Array(length);
    const words = this.#words.subarray(0, length);
    words.fill(0);
    for (const { lists, image, place } of missing) {
      lists.copy(image, words, WORDS * (place - start));
    }
    gpu.writeTexture(this.texture, words, start - this.#first);
  }

  /** Gives a place to each list that has none. */
  #place(wanted: readonly ListedImages[]): { lists: PixelLists; image: number; place: number }[] {
    const missing = [];
    for (const { lists, images } of wanted) {
      const places = this.#placesOf(lists);
      for (const image of images) {
        if (places[image]! >= this.#first) continue;
        const place = places[image] = this.#end;
        this.#end += Math.ceil(lists.lengthOf(image) / WORDS);
        missing.push({ lists, image, place });
      }
    }
    return missing;
  }

  /**
   * Where a list that was loaded starts.
   *
   * @param lists The lists.
   * @param image Which of them.
   * @returns The texel.
   */
  firstOf(lists: PixelLists, image: number): number {
    return this.#placesOf(lists)[image]! - this.#first;
  }

  #placesOf(lists: PixelLists): Float64Array {
    let places = this.#places.get(lists);
    if (!places) this.#places.set(lists, places = new Float64Array(lists.count));
    return places;
  }
}
