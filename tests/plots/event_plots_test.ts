import { assert, assertEquals, assertRejects } from "@std/assert";
import { eventPicture, eventRaster, spikeRaster } from "../../src/plots/mod.ts";
import { colorAt, embeddedPictures, parseSvg, texts } from "./svg.ts";

Deno.test("eventPicture() shows ON less OFF on one scale", async () => {
  // OFF at pixel 0, ON twice at pixel 3, both at pixel 1.
  const places = [0, 6 + 3, 6 + 3, 1, 6 + 1];
  const document = parseSvg(await eventPicture(places, { channels: 2, height: 2, width: 3 }));
  const [image] = embeddedPictures(document);
  assertEquals(Array.from(image!.png.data), [64, 128, 128, 255, 128, 128]);
  const [red = 0, , blue = 0] = colorAt(image!.png, 1, 0);
  assert(red > blue, "ON is orange");
  assert(texts(document).includes("ON less OFF"));
});

Deno.test("eventPicture() counts all events of a single channel", async () => {
  const document = parseSvg(await eventPicture([1, 1], { channels: 1, height: 1, width: 2 }));
  assertEquals(Array.from(embeddedPictures(document)[0]!.png.data), [128, 255]);
});

Deno.test("eventRaster() draws a line's places, and the rows of a camera's channels", async () => {
  const spikes = new Uint8Array([1, 0, 0, 0, 0, 1]);
  const title = "Events";
  const expected = await spikeRaster(spikes, { timeSteps: 2, neurons: 3, title });
  // The event at step 5 is after T, and two of a step are one.
  const line = await eventRaster([0, 2, 2, 1], [0, 1, 1, 5], { shape: [3], timeSteps: 2 });
  assertEquals(line, expected);
  const camera = await eventRaster([1, 8], [0, 1], { shape: [1, 3, 3], timeSteps: 2 });
  assertEquals(camera, expected);
});

Deno.test("plots of events refuse what they can't draw", async () => {
  const size = { channels: 2, height: 2, width: 2 };
  await assertRejects(
    () => eventPicture([8], size),
    RangeError,
    "each place must be between 0 and 7",
  );
  await assertRejects(
    () => eventPicture([], { ...size, channels: 3 }),
    RangeError,
    "1 or 2 channels",
  );
  const raster = { shape: [3], timeSteps: 2 };
  await assertRejects(
    () => eventRaster([3], [0], raster),
    RangeError,
    "event 0 is at place 3 of 3",
  );
  await assertRejects(() => eventRaster([0], [-1], raster), RangeError, "step -1");
});
