import type { DatasetSplits } from "../dataset.ts";
import { EventBuilder } from "./event_builder.ts";
import { openRandomAccess, withFile } from "./folder_files.ts";
import { readShd } from "./shd.ts";

/** How many classes each has. */
const CLASSES = { shd: 20, ssc: 35 } as const;
const SHAPE = [700] as const;

/**
 * Loads the files of the Spiking Heidelberg Digits or the Spiking Speech Commands.
 *
 * @param directory Their folder.
 * @param name What their names start with.
 * @returns The two parts.
 */
export async function loadSpokenFolder(
  directory: string | URL,
  name: keyof typeof CLASSES,
): Promise<DatasetSplits> {
  const load = (part: string) => withFile(directory, `${name}_${part}.h5`, loadFile);
  const [train, test] = [await load("train"), await load("test")];
  const classes = Math.max(CLASSES[name], 1 + train.largestLabel, 1 + test.largestLabel);
  return { train: train.build(classes), test: test.build(classes) };
}

async function loadFile(path: string): Promise<EventBuilder> {
  using file = openRandomAccess(path);
  const builder = new EventBuilder(SHAPE);
  for await (const recording of readShd(file, { name: path })) {
    builder.add(recording, recording.label, `"${path}"`);
  }
  return builder;
}
