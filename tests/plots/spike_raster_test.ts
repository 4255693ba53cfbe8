import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { spikeRaster } from "../../src/plots/mod.ts";
import { colorAt, embeddedPictures, markElements, numbersOf, parseSvg, texts } from "./svg.ts";

/** The middles of the bars of a raster, in pixels. */
function barMiddles(svg: string): [x: number, y: number][] {
  const [path] = markElements(parseSvg(svg), "spikes", "path");
  const [, , scaleX = NaN, scaleY = NaN] = numbersOf(path!, "transform");
  const bars = path!.getAttribute("d")?.match(/M[^z]+z/g) ?? [];
  return bars.map((bar) => {
    const [x, y, width, height] = bar.match(/[\d.]+/g)!.map(Number) as [
      number,
      number,
      number,
      number,
    ];
    return [(x + width / 2) * scaleX, (y + height / 2) * scaleY];
  });
}

Deno.test("spikeRaster() draws each spike at its time step and neuron", async () => {
  const [timeSteps, neurons] = [10, 4];
  const spikes = new Uint8Array(timeSteps * neurons);
  const places = [[0, 0], [3, 1], [3, 2], [9, 3]] as const;
  for (const [t, n] of places) spikes[t * neurons + n] = 1;
  const svg = await spikeRaster(spikes, { timeSteps, neurons });
  const middles = barMiddles(svg);
  assertEquals(middles.length, places.length);
  const height = 4 * 32.5;
  for (const [i, [t, n]] of places.entries()) {
    assertAlmostEquals(middles[i]![0], (t + 0.5) / timeSteps * 560, 0.1);
    assertAlmostEquals(middles[i]![1], (n + 0.5) / neurons * height, 0.1);
  }
});

Deno.test("spikeRaster() draws spikes where the axes say", async () => {
  const spikes = new Uint8Array([0, 0, 0, 0, 0, 1]);
  const svg = await spikeRaster(spikes, { timeSteps: 2, neurons: 3 });
  const [[x, y]] = barMiddles(svg) as [[number, number]];
  const labels = markElements(parseSvg(svg), "role-axis-label", "text")
    .map((label) => [label.textContent, ...numbersOf(label, "transform")] as const);
  const xLabel = labels.find(([text, labelX]) => text === "1" && labelX! > 0)!;
  const yLabel = labels.find(([text, labelX]) => text === "2" && labelX! < 0)!;
  assertAlmostEquals(xLabel[1]!, x, 0.6);
  // The label's baseline is a third of its size below its middle.
  assertAlmostEquals(yLabel[2]!, y, 4);
});

Deno.test("spikeRaster() shows firing rates at the neurons", async () => {
  const spikes = new Uint8Array([1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0]);
  const document = parseSvg(await spikeRaster(spikes, { timeSteps: 4, neurons: 3 }));
  const bars = markElements(document, "rate-bars", "path").map((bar) => numbersOf(bar, "d"));
  // M x, y h width v height
  assertEquals(bars.map(([, , width]) => width), [150, 75, 0]);
  const row = 130 / 3;
  bars.forEach(([, y = NaN, , height = NaN], n) => {
    assertAlmostEquals(y + height / 2, (n + 0.5) * row, 0.1);
  });
  const numbers = markElements(document, "rate-numbers", "text").map((text) => text.textContent);
  assertEquals(numbers, ["1.00", "0.50", "0.00"]);
  const labels = texts(document);
  for (const label of ["time step", "neuron", "firing rate(spikes per time step)"]) {
    assert(labels.includes(label), label);
  }
});

Deno.test("spikeRaster() draws very many spikes as pixels", async () => {
  const [timeSteps, neurons] = [500, 800];
  const spikes = Uint8Array.from({ length: timeSteps * neurons }, (_, i) => i % 7 === 0 ? 1 : 0);
  const svg = await spikeRaster(spikes, { timeSteps, neurons });
  assert(svg.length < 500_000, `${svg.length} characters`);
  const [image] = embeddedPictures(parseSvg(svg));
  const { png, ...place } = image!;
  assertEquals(place, { x: 0, y: 0, width: 560, height: 480 });
  assertEquals([png.width, png.height], [timeSteps, neurons]);
  for (const [t, n] of [[0, 0], [0, 7], [1, 5], [499, 799], [3, 1]] as const) {
    const color = spikes[t * neurons + n] === 1 ? 0 : 255;
    assertEquals(colorAt(png, n, t), [color, color, color]);
  }
});

Deno.test("spikeRaster() draws one neuron at one time step, with and without a spike", async () => {
  const one = await spikeRaster(new Uint8Array([1]), { timeSteps: 1, neurons: 1 });
  assertEquals(barMiddles(one).length, 1);
  const none = await spikeRaster(new Uint8Array([0]), { timeSteps: 1, neurons: 1 });
  assertEquals(barMiddles(none).length, 0);
});

Deno.test("spikeRaster() refuses what it can't draw", async () => {
  await assertRejects(
    () => spikeRaster(new Uint8Array(5), { timeSteps: 2, neurons: 3 }),
    TypeError,
    "Cannot plot spikes as there must be timeSteps x neurons = 2 x 3 values: current count is 5",
  );
  await assertRejects(
    () => spikeRaster([], { timeSteps: 0, neurons: 3 }),
    RangeError,
    "Cannot plot spikes as timeSteps must be an integer of at least 1: current value is 0",
  );
  await assertRejects(
    () => spikeRaster([1, 0.5], { timeSteps: 2, neurons: 1 }),
    RangeError,
    "Cannot plot spikes as values must be 0 or 1: value 1 is 0.5",
  );
  await assertRejects(
    () => spikeRaster([NaN], { timeSteps: 1, neurons: 1 }),
    RangeError,
    "Cannot plot spikes as values must be finite: value 0 is NaN",
  );
});
