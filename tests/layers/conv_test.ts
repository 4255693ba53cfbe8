import { assertEquals, assertThrows } from "@std/assert";
import { Conv1d, Conv2d } from "../../mod.ts";
import { Random } from "../../src/extend.ts";
import { checkConvolution, randomConvolution } from "../support/convolution_check.ts";
import { sharedGpu } from "../support/gpu.ts";

Deno.test("convolutions of any shape equal float64", async () => {
  const gpu = await sharedGpu();
  const random = new Random(1);
  for (let i = 0; i < 12; i++) await checkConvolution(gpu, randomConvolution(random));
});

Deno.test("convolutions along lines of any length equal float64", async () => {
  for (const preset of ["auto", "gpu"] as const) {
    const gpu = await sharedGpu({ preset });
    for (
      const { length, kernelSize, padding } of [
        { length: 2, kernelSize: 2, padding: 3 },
        { length: 16, kernelSize: 3, padding: 1 },
        { length: 17, kernelSize: 3, padding: 0 },
        { length: 40, kernelSize: 7, padding: 9 },
        { length: 90, kernelSize: 31, padding: 15 },
        { length: 305, kernelSize: 300, padding: 0 },
        { length: 905, kernelSize: 900, padding: 0 },
      ]
    ) {
      await checkConvolution(gpu, {
        ...{ kind: "spikes", dimensions: 1, timeSteps: 5, batch: 33 },
        ...{ inChannels: 3, outChannels: 4, groups: 1, bias: true },
        ...{ size: [1, length], kernelSize: [1, kernelSize], padding: [0, padding] },
        ...{ stride: [1, 1], dilation: [1, 1] },
      });
    }
  }
});

Deno.test("convolutions of many channels along lines equal float64", async () => {
  const gpu = await sharedGpu();
  for (
    const { channels, outputs, groups = 1, timeSteps, width, kernelSize, padding, down = 1 } of [
      { channels: 12, outputs: 8, timeSteps: 13, width: 8, kernelSize: [5, 5], padding: 0 },
      { channels: 32, outputs: 10, timeSteps: 4, width: 7, kernelSize: [3, 3], padding: 1 },
      { channels: 33, outputs: 3, timeSteps: 9, width: 9, kernelSize: [2, 3], padding: 2 },
      { channels: 17, outputs: 5, timeSteps: 3, width: 6, kernelSize: [1, 6], padding: 5 },
      { channels: 10, outputs: 6, timeSteps: 7, width: 11, kernelSize: [3, 9], padding: 4 },
      {
        channels: 26,
        outputs: 14,
        groups: 2,
        timeSteps: 1,
        width: 5,
        kernelSize: [3, 4],
        padding: 1,
      },
      {
        channels: 14,
        outputs: 9,
        timeSteps: 17,
        width: 8,
        kernelSize: [3, 3],
        padding: 1,
        down: 2,
      },
    ] as const
  ) {
    await checkConvolution(gpu, {
      ...{ kind: "spikes", dimensions: 2, timeSteps, batch: 3, scale: 1.25 },
      ...{ inChannels: channels, outChannels: outputs, groups, bias: true },
      ...{ size: [width, width], kernelSize, padding: [padding, padding] },
      ...{ stride: [down, 1], dilation: [down, 1] },
    });
  }
});

Deno.test("convolutions that move by several places equal float64", async () => {
  for (const preset of ["auto", "gpu"] as const) {
    const gpu = await sharedGpu({ preset });
    for (
      const { size, kernelSize, stride, padding, groups = 1 } of [
        { size: [8, 12], kernelSize: [3, 3], stride: [2, 2], padding: [1, 1] },
        { size: [8, 12], kernelSize: [1, 1], stride: [2, 2], padding: [0, 0] },
        { size: [9, 8], kernelSize: [5, 2], stride: [3, 4], padding: [2, 0] },
        { size: [6, 10], kernelSize: [2, 5], stride: [1, 2], padding: [0, 3], groups: 2 },
        // No whole steps.
        { size: [7, 12], kernelSize: [3, 3], stride: [2, 2], padding: [1, 1] },
      ] as const
    ) {
      await checkConvolution(gpu, {
        ...{ kind: "dense", dimensions: 2, timeSteps: 3, batch: 16 },
        ...{ inChannels: 6, outChannels: 10, groups, bias: true },
        ...{ size, kernelSize, padding, stride, dilation: [1, 1] },
      });
    }
  }
});

Deno.test("a convolution says what comes out, and what it can't take", () => {
  const layer = new Conv2d(3, 8, { kernelSize: [3, 5], stride: [2, 1], padding: [1, 2] });
  assertEquals(layer.outputShape([3, 9, 7]), [8, 5, 7]);
  assertEquals(new Conv1d(2, 4, { kernelSize: 4, padding: "same" }).outputShape([2, 9]), [4, 9]);
  for (
    const [shape, message] of [
      [[3, 9], "it takes samples of [3, height, width]: it gets [3, 9]"],
      [[4, 9, 7], "it takes samples of [3, height, width]: it gets [4, 9, 7]"],
      [[3, 9, 0], "its kernel reaches over 5 places"],
    ] as const
  ) {
    assertThrows(() => layer.outputShape(shape), RangeError, message);
  }
  for (
    const [make, message] of [
      [() => new Conv2d(0, 1, { kernelSize: 3 }), "inChannels must be an integer of at least 1"],
      [() => new Conv2d(1, 1, { kernelSize: 0 }), "kernelSize must be an integer of at least 1"],
      [
        () => new Conv2d(1, 1, { kernelSize: 3, padding: -1 }),
        "padding must be an integer of at least 0",
      ],
      [() => new Conv2d(3, 4, { kernelSize: 3, groups: 2 }), "groups must divide inChannels, 3"],
      [() => new Conv2d(4, 3, { kernelSize: 3, groups: 2 }), "groups must divide outChannels, 3"],
      [
        () => new Conv2d(1, 1, { kernelSize: 3, padding: "same", stride: 2 }),
        'stride must be 1 with the padding "same": current value is [2,2]',
      ],
      [
        () => new Conv2d(1, 1, { kernelSize: [1, 2, 3] as unknown as [number, number] }),
        "kernelSize must be a number or [height, width]: current value is [1,2,3]",
      ],
      [
        () => new Conv1d(1, 1, { kernelSize: 3, padding: "full" as "same" }),
        'padding must be a number, [height, width], "same" or "valid": current value is "full"',
      ],
    ] as const
  ) {
    assertThrows(make, RangeError, message);
  }
});
