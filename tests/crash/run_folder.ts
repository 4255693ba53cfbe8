/** Reads and compares the folders that runs leave behind. */

import { assert } from "@std/assert";
import { join } from "node:path";
import { decodeEvents, decodeNpy, decodePng, type SummaryEvent } from "../../src/formats/mod.ts";
import { RUN_FILES } from "../../src/cli/run/run_file_names.ts";
import { type Checkpoint, decodeCheckpoint } from "../../src/training/checkpoint.ts";
import { parseSvg } from "../plots/svg.ts";

/** A file that isn't finished. */
export const isPartial = (name: string): boolean => name.endsWith(".partial");

/** The names of the files in a folder but for its lock, sorted; none if there is no folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
    return names.filter((name) => name !== ".lock").sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** Decodes a file as what its name says it is; throws if it isn't whole. */
async function decode(folder: string, name: string): Promise<void> {
  const path = join(folder, name);
  const bytes = await Deno.readFile(path);
  const text = () => new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  if (name.includes(".tfevents.")) await decodeEvents(bytes, { name: path });
  else if (name.endsWith(".safetensors")) decodeCheckpoint(bytes, { name: path });
  else if (name.endsWith(".npy")) decodeNpy(bytes, { name: path });
  else if (name.endsWith(".png")) await decodePng(bytes, { name: path });
  else if (name.endsWith(".svg")) parseSvg(text());
  else if (name.endsWith(".html")) assert(text().trimEnd().endsWith("</html>"), path);
  else if (name.endsWith(".json")) JSON.parse(text());
  else if (name.endsWith(".jsonl")) metricsOf(text());
  else throw new Error(`nobody knows what "${path}" is`);
}

/** The lines of `metrics.jsonl` without the seconds. */
function metricsOf(text: string): Record<string, unknown>[] {
  assert(text.endsWith("\n"), text);
  return text.split("\n").slice(0, -1).map((line) => {
    const { seconds: _, ...rest } = JSON.parse(line);
    return rest;
  });
}

/** Asserts that each file under a final name is whole; gives the names of the others. */
export async function assertWholeFiles(folder: string): Promise<string[]> {
  const names = await namesIn(folder);
  for (const name of names) if (!isPartial(name)) await decode(folder, name);
  return names.filter(isPartial);
}

/** A checkpoint of a folder. */
export async function checkpointIn(
  folder: string,
  name: string = RUN_FILES.latest,
): Promise<Checkpoint> {
  const path = join(folder, name);
  return decodeCheckpoint(await Deno.readFile(path), { name: path });
}

/** The events of all files of a folder by tag and step, each asserted to be there once. */
async function eventsIn(folder: string): Promise<Map<string, SummaryEvent>> {
  const events = new Map<string, SummaryEvent>();
  for (const name of await namesIn(folder)) {
    if (!name.includes(".tfevents.")) continue;
    for (const event of await decodeEvents(await Deno.readFile(join(folder, name)))) {
      const key = `${event.tag} ${event.step}`;
      assert(!events.has(key), `${key} is there twice`);
      events.set(key, event);
    }
  }
  return events;
}

/** What a run gave, without times, names of folders and plots. */
export async function resultsIn(folder: string): Promise<Record<string, unknown>> {
  const events = [...(await eventsIn(folder)).values()].filter(({ kind }) => kind !== "text")
    .map(({ wallTime: _, ...event }) => event);
  const array = async (name: string) => decodeNpy(await Deno.readFile(join(folder, name)));
  const [latest, best] = [
    await checkpointIn(folder, RUN_FILES.latest),
    await checkpointIn(folder, RUN_FILES.best),
  ];
  return {
    latest: { state: latest.state, best: latest.best },
    best: { state: best.state, best: best.best },
    metrics: metricsOf(await Deno.readTextFile(join(folder, RUN_FILES.metrics))),
    trainAccuracies: await array(RUN_FILES.trainAccuracies),
    testAccuracies: await array(RUN_FILES.testAccuracies),
    potentials: await array(RUN_FILES.potentials),
    spikes: await array(RUN_FILES.spikes),
    events: events.sort((a, b) => a.step - b.step || (a.tag < b.tag ? -1 : 1)),
  };
}
