import type { DatasetSplits } from "../dataset.ts";
import { collectEvents } from "./camera_events.ts";
import { EventBuilder } from "./event_builder.ts";
import { missing, namesIn, pathIn } from "./folder_files.ts";
import { readNmnist } from "./nmnist.ts";
import { recordingOf } from "./transforms.ts";

const SHAPE = [2, 34, 34] as const;

/**
 * Loads folders of N-MNIST's files.
 *
 * @param directory The folder with `Train` and `Test`.
 * @returns The two parts; classes are the names of folders in their order.
 */
export async function loadNmnistFolder(directory: string | URL): Promise<DatasetSplits> {
  const parts = [pathIn(directory, "Train"), pathIn(directory, "Test")];
  const names = new Set<string>();
  for (const part of parts) {
    for (const name of await foldersIn(part)) names.add(name);
  }
  // "10" comes after "9", as one would say.
  const classes = [...names].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const [train, test] = await Promise.all(parts.map((part) => loadPart(part, classes)));
  return { train: train!.build(classes.length), test: test!.build(classes.length) };
}

async function loadPart(directory: string, classes: readonly string[]): Promise<EventBuilder> {
  const builder = new EventBuilder(SHAPE);
  for (const name of await foldersIn(directory)) {
    const folder = pathIn(directory, name);
    for (const file of await namesIn(folder)) {
      if (!file.endsWith(".bin")) continue;
      const path = pathIn(folder, file);
      const events = await collectEvents(readNmnist(await Deno.readFile(path), { name: path }));
      builder.add(recordingOf(events, { shape: SHAPE }), classes.indexOf(name), `"${path}"`);
    }
  }
  if (builder.count === 0) throw missing(directory, "its folders have no .bin files");
  return builder;
}

async function foldersIn(directory: string): Promise<string[]> {
  const names: string[] = [];
  for (const name of await namesIn(directory)) {
    if ((await Deno.stat(pathIn(directory, name))).isDirectory) names.push(name);
  }
  return names;
}
