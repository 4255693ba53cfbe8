/**
 * Recordings made like those of the Spiking Heidelberg Digits: an ear of 700 channels hears words, each of three
 * tracks that glide over the channels. Ten words are the other ten played backwards, so that when a channel fires
 * tells more than how often. They aren't the Spiking Heidelberg Digits, and what a network learns of them says
 * nothing of those.
 *
 * @module
 */

import { Random } from "../../src/extend.ts";
import { encodeSpokenWords, type SpokenWord } from "./hdf5_sequences.ts";

const CHANNELS = 700;
const CLASSES = 20;
/** Where the tracks of a word lie, and how far their points are from there at most, in channels. */
const CENTRES = [120, 320, 520] as const, RANGE = 90, POINTS = 4;
/** The least of a track's loudness, 1 at most. */
const LEAST_LOUD = 0.35;
/** Seconds of a word, and before it. */
const SHORTEST = 0.5, LONGEST = 0.95, LATEST = 0.1;
/** How speakers differ: time in the middle of a word, channels of all and of each point, loudness. */
const WARP = 0.15, SHIFT = 25, JITTER = 18, GAIN = 0.25;
/** Spikes a second of a channel, in silence and in the middle of a track; channels that a track is wide. */
const SILENT = 1, LOUD = 132, WIDTH = 22;
/** Seconds; a channel never fires in two that follow each other. */
const STEP = 1e-3;

/** Channels over time, and how loud. */
interface Track {
  readonly points: readonly number[];
  readonly loud: number;
}

/** The tracks of ten words, the same for all recordings. */
const WORDS: readonly (readonly Track[])[] = Array.from({ length: CLASSES / 2 }, (_, word) => {
  const random = new Random(700, word);
  return CENTRES.map((centre) => ({
    points: Array.from({ length: POINTS }, () => centre + random.uniform(-RANGE, RANGE)),
    loud: random.uniform(LEAST_LOUD, 1),
  }));
});

/** Where a track is at a part of the word, from 0 to 1. */
function channelAt(points: readonly number[], part: number): number {
  const at = Math.min(part * (POINTS - 1), POINTS - 1 - 1e-9);
  const [before, after] = [points[Math.floor(at)]!, points[Math.floor(at) + 1]!];
  return before + (at % 1) * (after - before);
}

/**
 * Makes a recording of a word.
 *
 * @param label The word, 0 to 19; those from 10 on are those before backwards.
 * @param seed What the speaker and the spikes follow from.
 * @returns Its spikes, in the order of their times.
 */
export function madeWord(label: number, seed: number): SpokenWord {
  const random = new Random(label, seed);
  const normal = (deviation: number) =>
    deviation * Math.sqrt(-2 * Math.log(1 - random.uniform(0, 1))) *
    Math.cos(2 * Math.PI * random.uniform(0, 1));
  const seconds = random.uniform(SHORTEST, LONGEST);
  const onset = random.uniform(0, LATEST);
  const [warp, shift, gain] = [random.uniform(-WARP, WARP), normal(SHIFT), Math.exp(normal(GAIN))];
  const tracks = WORDS[label % WORDS.length]!.map(({ points, loud }) => ({
    points: points.map((point) => point + shift + normal(JITTER)),
    loud,
  }));
  const last = new Float64Array(CHANNELS).fill(-Infinity);
  const times: number[] = [], units: number[] = [];
  const steps = Math.ceil((onset + seconds) / STEP);
  const rates = new Float64Array(CHANNELS);
  for (let step = 0; step < steps; step++) {
    const elapsed = Math.min(1, Math.max(0, (step * STEP - onset) / seconds));
    const warped = elapsed + warp * Math.sin(Math.PI * elapsed);
    const part = label < WORDS.length ? warped : 1 - warped;
    const envelope = LOUD * gain * Math.sqrt(Math.sin(Math.PI * elapsed));
    rates.fill(SILENT);
    for (const { points, loud } of tracks) {
      const middle = channelAt(points, Math.min(1, Math.max(0, part)));
      // Nothing is heard four widths away.
      const first = Math.max(0, Math.ceil(middle - 4 * WIDTH));
      const end = Math.min(CHANNELS, middle + 4 * WIDTH);
      for (let channel = first; channel < end; channel++) {
        rates[channel]! += envelope * loud * Math.exp(-0.5 * ((channel - middle) / WIDTH) ** 2);
      }
    }
    // As if each channel drew a number for itself: from one that might fire to the next, some of which do.
    const most = Math.max(...rates) * STEP;
    for (let channel = -1;;) {
      channel += 1 + Math.floor(Math.log(1 - random.uniform(0, 1)) / Math.log(1 - most));
      if (channel >= CHANNELS) break;
      if (random.uniform(0, most) >= rates[channel]! * STEP || last[channel]! >= step - 1) continue;
      last[channel] = step;
      times.push(step * STEP);
      units.push(channel);
    }
  }
  return { times: new Float16Array(times), units: new Uint16Array(units), label };
}

/**
 * Writes a folder as that of the Spiking Heidelberg Digits is, of made recordings: each word as often as any other.
 *
 * @param folder The folder, which is there.
 * @param counts Recordings of each part.
 * @param seed What the speakers follow from.
 */
export async function writeMadeShd(
  folder: string,
  counts: Readonly<Record<"train" | "test", number>>,
  seed = 1,
): Promise<void> {
  let next = seed * 1_000_000;
  for (const [part, count] of Object.entries(counts)) {
    const words = Array.from({ length: count }, (_, i) => madeWord(i % CLASSES, next++));
    await Deno.writeFile(`${folder}/shd_${part}.h5`, encodeSpokenWords(words));
  }
}
