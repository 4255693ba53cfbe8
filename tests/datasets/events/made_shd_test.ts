/** Made recordings of spoken words, in files as those of the Spiking Heidelberg Digits. */

import { assert, assertEquals } from "@std/assert";
import { loadShd } from "../../../src/datasets/mod.ts";
import { madeWord, writeMadeShd } from "../../support/made_shd.ts";
import { temporaryFolder } from "../../support/temporary_folder.ts";

Deno.test("loadShd() reads made words as they were written", async () => {
  await using temporary = await temporaryFolder();
  await writeMadeShd(temporary.path, { train: 3, test: 1 });
  const { train, test } = await loadShd({ directory: temporary.path });
  assertEquals([train.count, test.count, train.classes], [3, 1, 20]);
  assertEquals([Array.from(train.labels!), Array.from(test.labels!)], [[0, 1, 2], [0]]);
  const { content } = train;
  assert(content.kind === "events");
  const words = [0, 1, 2].map((i) => madeWord(i, 1_000_000 + i));
  assertEquals(Array.from(content.places), words.flatMap(({ units }) => [...units]));
  const microseconds = words.flatMap(({ times }) =>
    Array.from(times, (time) => Math.floor(time * 1e6))
  );
  assertEquals(Array.from(content.times), microseconds);
});

Deno.test("a made word has the length and the spikes of one", () => {
  const { times, units } = madeWord(7, 5);
  assert(times.length > 2000 && times.length < 20_000, `${times.length} spikes`);
  assert(times.at(-1)! > 0.5 && times.at(-1)! <= 1.05);
  assert(units.every((unit) => unit < 700));
  assert(times.every((time, i) => i === 0 || time >= times[i - 1]!));
});

Deno.test("a word and the one that is it backwards differ in when channels fire, not in how often", () => {
  const early = (label: number) => {
    const { times, units } = madeWord(label, 3);
    const middle = times.at(-1)! / 2;
    // Of the lowest track.
    const own = Array.from(units, (unit, i) => [unit, times[i]!] as const)
      .filter(([unit]) => unit < 240);
    const mean = (part: readonly (readonly [number, number])[]) =>
      part.reduce((sum, [unit]) => sum + unit, 0) / part.length;
    return mean(own.filter(([, time]) => time < middle)) -
      mean(own.filter(([, time]) => time >= middle));
  };
  // Where the track falls in one it rises in the other.
  const falls = Array.from({ length: 10 }, (_, word) => [early(word), early(word + 10)] as const);
  const opposite = falls.filter(([forwards, backwards]) => forwards * backwards < 0).length;
  assert(opposite >= 8, JSON.stringify(falls));
});
