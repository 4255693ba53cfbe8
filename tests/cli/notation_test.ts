/** Networks in the notation of papers. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  NotationError,
  parseNotation,
  type PlannedLayer,
  planNetwork,
} from "../../src/cli/network/notation.ts";

const plan = (network: string) => planNetwork(network, [1, 28, 28], 10);

/** A layer as a short text. */
function short(layer: PlannedLayer): string {
  switch (layer.kind) {
    case "Conv2d": {
      const { inChannels, outChannels, kernelSize, padding, bias } = layer;
      return `${inChannels}>${outChannels} ${kernelSize} pad ${padding}${bias ? " bias" : ""}`;
    }
    case "BatchNorm2d":
      return `norm ${layer.features}`;
    case "MaxPool2d":
    case "AvgPool2d":
      return `${layer.kind} ${layer.kernelSize}`;
    case "Linear":
      return `${layer.inputs}>${layer.outputs}${layer.bias ? " bias" : ""}`;
    default:
      return layer.kind;
  }
}

const NETWORKS: [network: string, layers: string[]][] = [
  ["10", ["Flatten", "784>10 bias", "neurons"]],
  ["800-10", ["Flatten", "784>800 bias", "neurons", "800>10 bias", "neurons"]],
  [
    "32C3-BN-MP2-32C3-BN-MP2-512-10",
    [
      "1>32 3,3 pad 1,1",
      "norm 32",
      "neurons",
      "MaxPool2d 2,2",
      "32>32 3,3 pad 1,1",
      "norm 32",
      "neurons",
      "MaxPool2d 2,2",
      "Flatten",
      "1568>512 bias",
      "neurons",
      "512>10 bias",
      "neurons",
    ],
  ],
  ["784-10", ["Flatten", "784>10 bias", "neurons"]],
  [
    "784-100L-256R-SF-64-10LI",
    [
      "Flatten",
      "784>100 bias",
      "100>256 bias",
      "recurrentNeurons",
      "synapseFilter",
      "256>64 bias",
      "neurons",
      "64>10 bias",
      "readout",
    ],
  ],
  [
    "AP3-6C5-16C1-10",
    [
      "AvgPool2d 3,3",
      "1>6 5,5 pad 2,2 bias",
      "neurons",
      "6>16 1,1 pad 0,0 bias",
      "neurons",
      "Flatten",
      "1296>10 bias",
      "neurons",
    ],
  ],
];
for (const [network, layers] of NETWORKS) {
  Deno.test(`${network} is ${layers.length} layers`, () => {
    assertEquals(plan(network).map(short), layers);
  });
}

Deno.test("layers are planned as their JSON", () => {
  const [conv, norm, , pool] = plan("32C3-BN-MP2-10");
  assertEquals(conv, {
    kind: "Conv2d",
    inChannels: 1,
    outChannels: 32,
    kernelSize: [3, 3],
    padding: [1, 1],
    bias: false,
  });
  assertEquals(norm, { kind: "BatchNorm2d", features: 32 });
  assertEquals(pool, { kind: "MaxPool2d", kernelSize: [2, 2] });
});

const NO_LAYER = "is no layer: layers are like 32C3, BN, MP2, AP2, 512, 256R, 32L, SF and 20LI";
const WRONG: [network: string, pointer: string, reason: string][] = [
  ["32C3-BX-10", "     ^^", `"BX" ${NO_LAYER}`],
  ["", "^", `nothing ${NO_LAYER}`],
  ["32C3--10", "     ^", `nothing ${NO_LAYER}`],
  ["32C3-10-", "        ^", `nothing ${NO_LAYER}`],
  ["32c3-10", "^^^^", `"32c3" ${NO_LAYER}`],
  ["C3-10", "^^", `"C3" ${NO_LAYER}`],
  ["32C-10", "^^^", `"32C" ${NO_LAYER}`],
  ["2MP2-10", "^^^^", `"2MP2" ${NO_LAYER}`],
  ["BN2-10", "^^^", `"BN2" ${NO_LAYER}`],
  ["32C3 -10", "^^^^^", `"32C3 " ${NO_LAYER}`],
  ["1.5-10", "^^^", `"1.5" ${NO_LAYER}`],
  ["0C3-10", "^^^", "0 must be from 1 to 65536"],
  ["MP0-10", "^^^", "0 must be from 1 to 64"],
  ["100-65537", "    ^^^^^", "65537 must be from 1 to 65536"],
  ["8C65-10", "^^^^", "65 must be from 1 to 64"],
  [
    "8C3-8C4-10",
    "    ^^^",
    "kernels must be odd, so that maps keep their size: that of 8C4 is 4",
  ],
  ["BN-10", "^^", "BN follows a convolution"],
  ["8C3-MP2-BN-10", "        ^^", "BN follows a convolution"],
  ["8C3-100-BN-10", "        ^^", "BN follows a convolution"],
  ["100-8C3-10", "    ^^^", "8C3 needs maps, and 100 leaves none"],
  ["100-MP2-10", "    ^^^", "MP2 needs maps, and 100 leaves none"],
  ["8C3-BN", "    ^^", "the last layer must be a number, as many as there are classes"],
  ["8C3-MP4-MP4-MP4-10", "            ^^^", "maps are 1 x 1 here"],
  ["SF-10", "^^", "SF follows a layer of neurons"],
  ["8C3-SF-10", "    ^^", "SF follows a layer of neurons"],
  ["20-SF-8C3-10", "      ^^^", "8C3 needs maps, and SF leaves none"],
  ["20-SF", "   ^^", "the last layer must be a number, as many as there are classes"],
  ["20-20L", "   ^^^", "20L has no neurons: it can't be the last layer"],
  ["20L-SF-10", "    ^^", "SF follows a layer of neurons"],
  ["20LI-10", "^^^^", "neurons of 20LI don't fire: it must be the last layer"],
  ["20LI", "^^^^", "the last layer must be 10, the classes"],
  ["8C3-11", "    ^^", "the last layer must be 10, the classes"],
];
for (const [network, pointer, reason] of WRONG) {
  Deno.test(`"${network}" is refused, and the place pointed at`, () => {
    const error = assertThrows(() => plan(network), NotationError);
    assertEquals([error.reason, error.pointer], [reason, `  ${network}\n  ${pointer}`]);
    assertEquals(error.message, `Cannot build the network as ${error.reason}\n${error.pointer}`);
  });
}

Deno.test("what a layer gives is what the next one takes", () => {
  const block = fc.tuple(
    fc.integer({ min: 1, max: 64 }),
    fc.constantFrom(1, 3, 5, 7),
    fc.constantFrom("", "-BN"),
    fc.constantFrom("", "-MP2", "-AP2", "-MP3"),
  ).map(([channels, kernel, norm, pool]) => `${channels}C${kernel}${norm}${pool}`);
  const input = fc.tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 27, max: 40 }),
    fc.integer({ min: 27, max: 40 }),
  );
  fc.assert(fc.property(input, fc.array(block, { minLength: 1, maxLength: 3 }), (input, blocks) => {
    const network = `${blocks.join("-")}-5`;
    let [channels, height, width] = input;
    let flat = 0;
    for (const layer of planNetwork(network, input, 5)) {
      if (layer.kind === "Conv2d") {
        assertEquals([layer.inChannels, 2 * layer.padding[0] + 1], [channels, layer.kernelSize[0]]);
        channels = layer.outChannels;
      } else if (layer.kind === "BatchNorm2d") assertEquals(layer.features, channels);
      else if (layer.kind === "MaxPool2d" || layer.kind === "AvgPool2d") {
        const [size] = layer.kernelSize;
        height = Math.floor((height - size) / size) + 1;
        width = Math.floor((width - size) / size) + 1;
      } else if (layer.kind === "Flatten") flat = channels * height * width;
      else if (layer.kind === "Linear") assertEquals(layer.inputs, flat);
    }
    assert(flat > 0);
    assertEquals(parseNotation(network).map(({ text }) => text).join("-"), network);
  }));
});
