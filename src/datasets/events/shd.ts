import { type DecodeOptions, type Flaw, flawOf } from "../../formats/decode_options.ts";
import { Hdf5DataSet } from "../../formats/hdf5/data_set.ts";
import type { RandomAccess } from "../../formats/hdf5/file_bytes.ts";
import { Hdf5Group, openHdf5 } from "../../formats/hdf5/read.ts";
import type { Hdf5Sequences } from "../../formats/hdf5/sequences.ts";
import type { EventRecording } from "../make.ts";

/** Channels of the inner ear that spikes come from. */
const CHANNELS = 700;
const MICROSECONDS = 1e6;

/** A spoken word. */
export interface SpokenRecording extends EventRecording {
  /** The channel of each spike, 0 to 699. */
  readonly places: Uint16Array<ArrayBuffer>;
  /** The time of each spike in whole microseconds, none before the one before it. */
  readonly times: Float64Array<ArrayBuffer>;
  /** Which word it is. */
  readonly label: number;
  /** Spikes that were left out since their times are no finite numbers. */
  readonly dropped: number;
}

/**
 * Reads a file of the Spiking Heidelberg Digits or the Spiking Speech Commands, HDF5. Nothing of a recording
 * is read before it is its turn, and nothing is kept of it. Times become whole microseconds, rounded down as
 * in tonic, and are put in order.
 *
 * @param file Its bytes, or what reads them: a large file needn't be in memory.
 * @param options The file's name.
 * @returns The recordings, one after the other.
 * @throws {FormatError} If it is no HDF5 file with times, units and labels, is damaged, or a recording has
 * other numbers of times and units, a time below 0 or a unit that isn't 0 to 699.
 *
 * @example
 * ```ts
 * import { eventDataset, readShd } from "@galvani/snn/datasets";
 *
 * async function loadSpokenDigits(path: string) {
 *   const recordings = await Array.fromAsync(readShd(await Deno.readFile(path), { name: path }));
 *   return eventDataset(recordings, { shape: [700], classes: 20 });
 * }
 * ```
 */
export async function* readShd(
  file: Uint8Array | RandomAccess,
  options: DecodeOptions = {},
): AsyncGenerator<SpokenRecording> {
  const flaw = flawOf("SHD", options);
  const root = openHdf5(file, flaw);
  const spikes = root.get("spikes");
  if (!(spikes instanceof Hdf5Group)) throw flaw("it has no group spikes", 0);
  const labels = await readLabels(dataSetOf(root, "labels", flaw), flaw);
  const times = await dataSetOf(spikes, "times", flaw).sequences();
  const units = await dataSetOf(spikes, "units", flaw).sequences();
  if (times.count !== labels.length || units.count !== labels.length) {
    throw flaw(
      `it has ${labels.length} labels, times of ${times.count} recordings and units of ${units.count}`,
      spikes.at,
    );
  }
  for (let i = 0; i < labels.length; i++) yield readRecording(times, units, i, labels[i]!, flaw);
}

function dataSetOf(group: Hdf5Group, name: string, flaw: Flaw): Hdf5DataSet {
  const member = group.get(name);
  if (member instanceof Hdf5DataSet) return member;
  throw flaw(`it has no data set ${name}`, group.at);
}

async function readLabels(dataSet: Hdf5DataSet, flaw: Flaw): Promise<number[]> {
  const labels = await dataSet.read();
  if (!("data" in labels) || labels.shape.length !== 1) {
    throw flaw("its labels aren't a row of numbers", dataSet.at);
  }
  return Array.from(labels.data as ArrayLike<number | bigint>, (label, i) => {
    const value = Number(label);
    if (Number.isSafeInteger(value) && value >= 0) return value;
    throw flaw(`label ${i} is ${value}`, dataSet.at);
  });
}

function readRecording(
  times: Hdf5Sequences,
  units: Hdf5Sequences,
  i: number,
  label: number,
  flaw: Flaw,
): SpokenRecording {
  const { values: seconds, at } = times.read(i);
  const { values: channels, at: channelsAt } = units.read(i);
  if (seconds.length !== channels.length) {
    throw flaw(`recording ${i} has ${seconds.length} times and ${channels.length} units`, at);
  }
  const order: number[] = [];
  let sorted = true;
  let last = 0;
  seconds.forEach((time, k) => {
    if (!Number.isFinite(time)) return;
    if (time < 0) throw flaw(`recording ${i} has a spike at ${time} s`, at);
    const unit = channels[k]!;
    if (!(Number.isInteger(unit) && unit >= 0 && unit < CHANNELS)) {
      throw flaw(`recording ${i} has a spike of unit ${unit}: there are ${CHANNELS}`, channelsAt);
    }
    sorted &&= time >= last;
    last = time;
    order.push(k);
  });
  if (!sorted) order.sort((a, b) => seconds[a]! - seconds[b]!);
  return {
    places: Uint16Array.from(order, (k) => channels[k]!),
    times: Float64Array.from(order, (k) => Math.floor(seconds[k]! * MICROSECONDS)),
    label,
    dropped: seconds.length - order.length,
  };
}
