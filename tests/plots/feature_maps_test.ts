import { assert, assertEquals, assertRejects } from "@std/assert";
import { featureMaps } from "../../src/plots/mod.ts";
import { embeddedPictures, parseSvg, texts } from "./svg.ts";

const draw = async (spikes: ArrayLike<number>, shape: readonly number[]) => {
  const [timeSteps = 0, channels = 0, height = 0, width = 0] = shape;
  return parseSvg(await featureMaps(spikes, { timeSteps, channels, height, width }));
};

Deno.test("featureMaps() shows each map's firing rates: black is none, white is always", async () => {
  // [T = 4, C = 2, H = 1, W = 3]: the neurons fire 0, 1, 2, 3, 4 and 2 times.
  const fires = [0, 1, 2, 3, 4, 2];
  const spikes = [0, 1, 2, 3].flatMap((t) => fires.map((times) => t < times ? 1 : 0));
  const document = await draw(spikes, [4, 2, 1, 3]);
  const pictures = embeddedPictures(document);
  assertEquals(pictures.slice(0, 2).map(({ png }) => Array.from(png.data)), [
    [0, 64, 128],
    [191, 255, 128],
  ]);
  assertEquals(pictures.length, 2 + 1);
  assertEquals(pictures[0]!.png.palette![255]!.slice(0, 3), [255, 255, 255]);
  const labels = texts(document);
  for (const label of ["2 feature maps of 1 x 3", "spikes a step", "0.0", "1.0"]) {
    assert(labels.includes(label), label);
  }
});

Deno.test("featureMaps() shows the first 64 of many, eight a row", async () => {
  const document = await draw(new Uint8Array(2 * 70 * 4), [2, 70, 2, 2]);
  const pictures = embeddedPictures(document).slice(0, -1);
  assertEquals(pictures.length, 64);
  assertEquals(new Set(pictures.map(({ x }) => x)).size, 8);
  assert(texts(document).includes("the first 64 of 70 feature maps of 2 x 2"));
});

Deno.test("featureMaps() refuses what it can't draw", async () => {
  await assertRejects(
    () => draw([1], [2, 1, 1, 1]),
    TypeError,
    "Cannot plot feature maps as there must be timeSteps x channels x height x width = " +
      "2 x 1 x 1 x 1 values: current count is 1",
  );
  await assertRejects(
    () => draw([1.5], [1, 1, 1, 1]),
    RangeError,
    "Cannot plot feature maps as each spike must be between 0 and 1: value 0 is 1.5",
  );
  await assertRejects(() => draw([], [0, 1, 1, 1]), RangeError, "timeSteps must be an integer");
});
