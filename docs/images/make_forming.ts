/**
 * Makes `forming.gif`: how weights and spikes form in the first epoch of the network of the README.
 *
 * ```sh
 * deno run -A docs/images/make_forming.ts
 * ```
 *
 * @module
 */
import {
  Adam,
  Flatten,
  Gpu,
  LifNode,
  Linear,
  Model,
  PoissonEncoder,
  rateMse,
  Sequential,
  Trainer,
} from "@galvani/snn";
import { loadMnist } from "@galvani/snn/datasets";
import { decode } from "fast-png";
import gifenc from "gifenc";
import { toPng } from "../../src/plots/mod.ts";

const [WIDTH, HEIGHT] = [800, 372];
const GROUND = [15, 19, 26];
const T = 100;
/** Steps after which there is a picture, four in the time that doubles their number. */
const MOMENTS = new Set([0, 1, 2, 3, 4, 5, 6, 7, 8]);
for (let step = 8; step <= 512; step *= 2 ** 0.25) MOMENTS.add(Math.round(step));
const LAST = Math.max(...MOMENTS);
const [MILLISECONDS, LAST_MILLISECONDS] = [140, 4000];
/** Test pictures whose spikes are shown: one of each of four digits. */
const SAMPLES = [0, 1, 2, 4];

type Pixels = Uint8Array;

/** Paints a square. */
function square(pixels: Pixels, x: number, y: number, side: number, color: readonly number[]) {
  for (let row = y; row < y + side; row++) {
    for (let column = x; column < x + side; column++) {
      pixels.set(color, 4 * (row * WIDTH + column));
    }
  }
}

/** Between the ground (0) and a colour (1). */
const mixed = (share: number, color: readonly number[]) =>
  GROUND.map((ground, i) => Math.round(ground + Math.min(1, share) * (color[i]! - ground)));

const EXCITES = [255, 170, 64];
const INHIBITS = [72, 146, 255];
const SPIKE = [255, 214, 120];
const PAPER = [226, 232, 240];

/** The weights of each digit, excitation warm and inhibition cold. */
function paintWeights(pixels: Pixels, weights: ArrayLike<number>) {
  let largest = 0.06;
  for (let i = 0; i < weights.length; i++) largest = Math.max(largest, Math.abs(weights[i]!) / 2);
  for (let digit = 0; digit < 10; digit++) {
    for (let i = 0; i < 784; i++) {
      const weight = weights[digit * 784 + i]! / largest;
      const color = mixed(Math.abs(weight), weight > 0 ? EXCITES : INHIBITS);
      square(pixels, 28 + digit * 76 + 2 * (i % 28), 88 + 2 * Math.floor(i / 28), 2, color);
    }
  }
}

/** A picture, and the spikes of the ten neurons that see it. */
function paintSample(
  pixels: Pixels,
  place: number,
  picture: ArrayLike<number>,
  spikes: ArrayLike<number>,
) {
  const x = 28 + place * 190;
  for (let i = 0; i < 784; i++) {
    const color = mixed(picture[i]! / 255, PAPER);
    square(pixels, x + 2 * (i % 28), 196 + 2 * Math.floor(i / 28), 2, color);
  }
  for (let t = 0; t < T; t++) {
    for (let digit = 0; digit < 10; digit++) {
      if (!spikes[t * 10 + digit]) continue;
      for (let row = 0; row < 7; row++) {
        square(pixels, x + 12 + Math.round(1.5 * t), 264 + digit * 9 + row, 1, SPIKE);
      }
    }
  }
}

/** All that is written. */
function texts(step: number, accuracy: number, answers: readonly (number | undefined)[]): string {
  const text = (x: number, y: number, size: number, color: string, content: string, more = "") =>
    `<text x="${x}" y="${y}" font-size="${size}" fill="${color}" ${more}>${content}</text>`;
  const parts = [
    text(28, 38, 19, "#f1f5f9", `step ${step}`),
    text(150, 38, 19, "#94a3b8", `${(128 * step).toLocaleString("en")} pictures`),
    text(
      772,
      38,
      19,
      "#f1f5f9",
      `test accuracy ${(100 * accuracy).toFixed(1)} %`,
      'text-anchor="end"',
    ),
    text(28, 76, 12, "#94a3b8", "weights of the ten neurons"),
    text(
      28,
      188,
      12,
      "#94a3b8",
      "test pictures, and the spikes of the ten neurons over 100 time steps",
    ),
  ];
  for (const [place, answer] of answers.entries()) {
    parts.push(
      text(28 + place * 190 + 66, 232, 26, "#ffd678", answer === undefined ? "" : `${answer}`),
    );
    for (let digit = 0; digit < 10; digit++) {
      parts.push(text(28 + place * 190, 271 + digit * 9, 8, "#64748b", `${digit}`));
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" font-family="DejaVu Sans">
<rect width="100%" height="100%" fill="rgb(${GROUND.join()})"/>${parts.join("")}</svg>`;
}

using gpu = await Gpu.request();
const { train, test } = await loadMnist();
const network = new Sequential([
  new Flatten(),
  new Linear(784, 10, { bias: false }),
  new LifNode(),
]);
using model = await Model.compile(gpu, network, {
  input: train.shape,
  encoder: new PoissonEncoder(),
  timeSteps: T,
});
using trainer = new Trainer(model, { loss: rateMse(), optimizer: new Adam(), batchSize: 128 });

/** A picture of the network as it is now. */
async function frame(step: number): Promise<Pixels> {
  const spikes: ArrayLike<number>[] = [];
  for (const sample of SAMPLES) {
    const { layers } = await model.record(test.take([sample]));
    spikes.push(layers.at(-1)!.spikes!);
  }
  const answers = spikes.map((of) => {
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 10 * T; i++) counts[i % 10]! += of[i]!;
    const most = Math.max(...counts);
    return most === 0 ? undefined : counts.indexOf(most);
  });
  const { accuracy } = await model.evaluate(test.slice(0, 2000), { loss: rateMse() });
  const { data } = decode(await toPng(texts(step, accuracy, answers), { scale: 1 }));
  const pixels = Uint8Array.from(data);
  paintWeights(pixels, (await model.parameters()).get("layer.1.weight")!.data as Float32Array);
  const pictures = test.take(SAMPLES).content;
  if (pictures.kind !== "bytes") throw new TypeError("MNIST holds bytes");
  for (const [place, of] of spikes.entries()) {
    paintSample(pixels, place, pictures.data.subarray(784 * place, 784 * (place + 1)), of);
  }
  return pixels;
}

const { GIFEncoder, quantize, applyPalette } = gifenc;
const gif = GIFEncoder();
const frames = [await frame(0)];
let step = 0;
for await (const _ of trainer.steps(train, { every: 1 })) {
  if (MOMENTS.has(++step)) frames.push(await frame(step));
  if (step === LAST) break;
}
// One palette, so that nothing flickers.
const palette = quantize(frames.at(-1)!, 128);
for (const [i, pixels] of frames.entries()) {
  const delay = i === frames.length - 1 ? LAST_MILLISECONDS : MILLISECONDS;
  gif.writeFrame(applyPalette(pixels, palette), WIDTH, HEIGHT, { palette, delay });
}
gif.finish();
await Deno.writeFile(new URL("forming.gif", import.meta.url), gif.bytes());
