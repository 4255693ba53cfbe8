/**
 * Spikes as bits, written down apart from the library.
 *
 * @param spikes 0 or 1, `[T][numbers]`.
 * @param numbers How many there are at a time step.
 * @returns u32 `[ceil(T / 32)][numbers]`.
 */
export function spikeWords(spikes: Float64Array, numbers: number): Uint32Array<ArrayBuffer> {
  const timeSteps = spikes.length / numbers;
  const words = new Uint32Array(Math.ceil(timeSteps / 32) * numbers);
  spikes.forEach((spike, at) => {
    const t = Math.floor(at / numbers);
    if (spike) words[(t >> 5) * numbers + at % numbers]! |= 1 << (t & 31);
  });
  return words;
}
