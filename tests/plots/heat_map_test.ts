import { assert, assertEquals, assertRejects } from "@std/assert";
import { heatMap } from "../../src/plots/mod.ts";
import { colorAt, embeddedPictures, parseSvg, texts } from "./svg.ts";

const VIRIDIS_LOW = [68, 1, 84];
const VIRIDIS_HIGH = [253, 231, 37];

Deno.test("heatMap() shows each value at its time step and neuron", async () => {
  const values = new Float32Array([-1, 0, 0, 0, 0, 1.5]);
  const document = parseSvg(await heatMap(values, { timeSteps: 3, neurons: 2 }));
  const [cells, bar] = embeddedPictures(document);
  const { png, ...place } = cells!;
  assertEquals(place, { x: 0, y: 0, width: 560, height: 130 });
  assertEquals([png.width, png.height], [3, 2]);
  // Neurons are rows, the first one at the top; time steps are columns.
  assertEquals(Array.from(png.data), [0, 102, 102, 102, 102, 255]);
  assertEquals(colorAt(png, 0, 0), VIRIDIS_LOW);
  assertEquals(colorAt(png, 1, 2), VIRIDIS_HIGH);
  // The colour bar has the highest value at the top.
  assertEquals(colorAt(bar!.png, 0, 0), VIRIDIS_HIGH);
  assertEquals(colorAt(bar!.png, 255, 0), VIRIDIS_LOW);
  const labels = texts(document);
  for (const label of ["time step", "neuron", "membrane potential", "Membrane potential"]) {
    assert(labels.includes(label), label);
  }
});

Deno.test("heatMap() shows equal values in the middle of the scale", async () => {
  const document = parseSvg(
    await heatMap(new Float32Array(4).fill(3), { timeSteps: 2, neurons: 2, quantity: "current" }),
  );
  const [cells] = embeddedPictures(document);
  assertEquals(Array.from(cells!.png.data), [128, 128, 128, 128]);
  assert(texts(document).includes("3.0"));
  assert(texts(document).includes("current"));
});

Deno.test("heatMap() copes with 500 time steps of 800 neurons", async () => {
  const values = Float32Array.from({ length: 400_000 }, (_, i) => Math.sin(i));
  const [cells] = embeddedPictures(
    parseSvg(await heatMap(values, { timeSteps: 500, neurons: 800 })),
  );
  assertEquals([cells!.png.width, cells!.png.height], [500, 800]);
});

Deno.test("heatMap() refuses what it can't draw", async () => {
  await assertRejects(
    () => heatMap(new Float32Array(7), { timeSteps: 2, neurons: 3 }),
    TypeError,
    "Cannot plot a heat map as there must be timeSteps x neurons = 2 x 3 values: current count is 7",
  );
  await assertRejects(
    () => heatMap([], { timeSteps: 2, neurons: 0 }),
    RangeError,
    "Cannot plot a heat map as neurons must be an integer of at least 1: current value is 0",
  );
  await assertRejects(
    () => heatMap([0, Infinity], { timeSteps: 2, neurons: 1 }),
    RangeError,
    "Cannot plot a heat map as values must be finite: value 1 is Infinity",
  );
});
