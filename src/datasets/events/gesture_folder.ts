import type { DatasetSplits } from "../dataset.ts";
import { readAedat3 } from "./aedat3.ts";
import { type CameraEvents, EventColumns } from "./camera_events.ts";
import { EventBuilder } from "./event_builder.ts";
import { missing, withFile } from "./folder_files.ts";
import { type GestureTrial, parseGestureTrials } from "./gesture_trials.ts";
import { recordingOf } from "./transforms.ts";

const SHAPE = [2, 128, 128] as const;
const CLASSES = 11;

/**
 * Loads the files of DVS128 Gesture.
 *
 * @param directory Their folder.
 * @returns The two parts.
 */
export async function loadGestureFolder(directory: string | URL): Promise<DatasetSplits> {
  const load = async (part: string) => {
    const list = `trials_to_${part}.txt`;
    const text = await withFile(directory, list, (path) => Deno.readTextFile(path));
    const builder = new EventBuilder(SHAPE);
    for (const name of text.split(/\s+/).filter((name) => name !== "")) {
      await addFile(builder, directory, name);
    }
    if (builder.count === 0) throw missing(directory, `${list} names no trials`);
    return builder.build(CLASSES);
  };
  return { train: await load("train"), test: await load("test") };
}

async function addFile(
  builder: EventBuilder,
  directory: string | URL,
  name: string,
): Promise<void> {
  const labels = name.replace(/\.aedat$/, "_labels.csv");
  const trials = await withFile(
    directory,
    labels,
    async (path) => parseGestureTrials(await Deno.readTextFile(path), { name: path }),
  );
  await withFile(directory, name, async (path) => {
    const file = await Deno.open(path);
    const columns = trials.map(() => new Pieces());
    for await (const events of readAedat3(file.readable, { name: path })) {
      trials.forEach((trial, i) => columns[i]!.add(events, trial));
    }
    trials.forEach(({ label }, i) =>
      builder.add(recordingOf(columns[i]!.all(), { shape: SHAPE }), label, `"${path}"`)
    );
  });
}

/** The events of a trial, whose times count from its start. */
class Pieces {
  #columns = new EventColumns(1 << 10);

  /** Adds those of some events that belong to the trial. */
  add({ x, y, t, p }: CameraEvents, { start, end }: GestureTrial): void {
    for (let i = 0; i < t.length; i++) {
      if (t[i]! < start || t[i]! >= end) continue;
      if (this.#columns.length === this.#columns.t.length) this.#grow();
      this.#columns.push(x[i]!, y[i]!, t[i]! - start, p[i]!);
    }
  }

  /** All that were added. */
  all(): CameraEvents {
    return this.#columns.events();
  }

  #grow(): void {
    const { x, y, t, p } = this.#columns;
    const larger = new EventColumns(2 * t.length);
    for (let i = 0; i < t.length; i++) larger.push(x[i]!, y[i]!, t[i]!, p[i]!);
    this.#columns = larger;
  }
}
