import { assertEquals } from "@std/assert";
import { Gpu, imageDataset } from "../../mod.ts";
import { type BatchStep, SAMPLE_RECORD, Source } from "../../src/extend.ts";
import type { Lists } from "../../src/feeds/lists.ts";
import { SparseLists } from "../../src/feeds/sparse_lists.ts";
import { readTexels } from "../support/event_reader.ts";
import { TestProgram } from "../support/test_program.ts";

/** Texels of a store on a device that keeps none from chunk to chunk: 4 MB. */
const CAPACITY = 1 << 18;
/** A list of so many texels leaves no room for much else. */
const LONG = 252000;

/** All that the first two steps write. */
const ALL = 7502 + LONG + 251 + 2 + 1000;

/** Lists of these lengths, each place of each list another number. */
function listsOf(lengths: readonly number[], mark: number): Lists {
  return {
    longest: Math.max(...lengths),
    lengthOf: (sample) => lengths[sample]!,
    copy(sample, target, at) {
      for (let i = 0; i < lengths[sample]!; i++) target[at + i] = entry(mark, sample, i);
    },
  };
}

function entry(mark: number, sample: number, i: number): number {
  return mark * 1e8 + sample * 4e6 + i + 1;
}

/** A source of as many samples as there are lists. */
const sourceOf = (count: number) => new Source(imageDataset(new Uint8Array(count), { shape: [1] }));

/** Counts the texels that are written to a device. */
function countWrites(gpu: Gpu): () => number {
  const write = gpu.writeTexture.bind(gpu);
  let texels = 0;
  gpu.writeTexture = (texture, data, first) => {
    texels += data.length / 4;
    write(texture, data, first);
  };
  return () => texels;
}

const stepOf = (source: Source, ...samples: number[]): BatchStep => ({
  key: 0,
  source,
  samples: Uint32Array.from(samples),
});

Deno.test("lists stay in a store while there is room, and are whole after it was full", async () => {
  using gpu = await Gpu.request();
  // 1, 7501, 0, 251, 252000 and 1750 texels.
  const trainLists = listsOf([3, 30001, 0, 1001, 4 * LONG, 7000], 1);
  const testLists = listsOf([5, 4 * 1000], 2);
  const [train, test] = [sourceOf(6), sourceOf(2)];
  const listsBy = new Map([[train, trainLists], [test, testLists]]);
  using program = new TestProgram(gpu, { batchSize: 1, timeSteps: 1 });
  const feed = new SparseLists(program.scope, {
    size: 4 * LONG,
    listsOf: (source) => listsBy.get(source)!,
  });
  const written = countWrites(gpu);
  const load = async (steps: readonly BatchStep[], marks: readonly number[]) => {
    const most = Math.max(...steps.map(({ samples }) => samples.length));
    const words = new Uint32Array(steps.length * most * SAMPLE_RECORD.words);
    const at = (step: number, sample: number) => (step * most + sample) * SAMPLE_RECORD.words;
    feed.load(steps, { words, at });
    const texels = await readTexels(gpu, feed.entries, CAPACITY);
    const firsts: number[] = [];
    steps.forEach(({ source, samples }, step) => {
      const lists = listsBy.get(source)!;
      samples.forEach((sample, i) => {
        const record = at(step, i);
        const first = words[record + SAMPLE_RECORD.first]!;
        const length = words[record + SAMPLE_RECORD.events]!;
        assertEquals(length, lists.lengthOf(sample));
        const own = texels.subarray(4 * first, 4 * (first + Math.ceil(length / 4)));
        const wrong = own.findIndex((got, i) =>
          got !== (i < length ? entry(marks[step]!, sample, i) : 0)
        );
        assertEquals(wrong, -1);
        firsts.push(first);
      });
    });
    return firsts;
  };
  const first = stepOf(train, 0, 1, 2, 1);
  await load([first], [1]);
  assertEquals(written(), 7502);
  // From the middle of a row over two others; what is there isn't written again.
  const second = [stepOf(train, 4, 1, 3), stepOf(test, 0, 1)];
  await load(second, [1, 2]);
  assertEquals(written(), ALL);
  await load([first, ...second], [1, 1, 2]);
  assertEquals(written(), ALL);
  // There is no room beside them: those that are wanted are written, and the others are gone.
  const third = stepOf(train, 5, 3);
  const [firstOfThird] = await load([third], [1]);
  assertEquals(written(), ALL + 1750 + 251);
  assertEquals(firstOfThird, 0);
  await load([first, third], [1, 1]);
  assertEquals(written(), ALL + 1750 + 251 + 7502);
});
