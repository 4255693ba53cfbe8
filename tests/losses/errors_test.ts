import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  countCrossEntropy,
  crossEntropy,
  potentialMse,
  rateCrossEntropy,
  rateMse,
  temporalCrossEntropy,
  valueMse,
} from "../../mod.ts";
import type { Loss, Scope, Signal } from "../../src/extend.ts";

/** Checks come before anything is made, so neither device nor buffers are needed. */
const BUFFER = {} as GPUBuffer;
const SCOPE = { batchSize: 1, timeSteps: 1 } as Scope;

const shape = [2];
const constant: Signal = { kind: "numbers", shape, over: "constant", values: BUFFER };
const dense: Signal = { kind: "numbers", shape, over: "time", values: BUFFER };
const spikes: Signal = { kind: "spikes", shape, over: "time", spikes: BUFFER, counts: BUFFER };

const CASES: readonly (readonly [Loss, Signal, string])[] = [
  ...[rateMse(), rateCrossEntropy(), countCrossEntropy(), potentialMse()].flatMap((loss) =>
    [
      [
        loss,
        constant,
        "as it reads spikes: got a signal of numbers that are the same at each time step",
      ],
      [
        loss,
        { ...spikes, scale: 2 },
        "as it reads spikes that count 1 each: got some that count 2",
      ],
      [loss, { ...spikes, shape: [0] }, "as it takes an output of at least 1 class: got 0"],
    ] as const
  ),
  ...[rateMse(), rateCrossEntropy(), countCrossEntropy()].map((loss) =>
    [loss, dense, "as it reads spikes: got a signal of numbers over time"] as const
  ),
  [
    potentialMse(),
    spikes,
    "as it reads the output neurons' potential: got spikes without it, which neurons such as " +
    "new LifNode({ storeV: true }) store",
  ],
  [
    temporalCrossEntropy(),
    { ...spikes, scale: 2 },
    "as it reads spikes that count 1 each: got some that count 2",
  ],
  [
    temporalCrossEntropy(),
    { ...dense, shape: [0] },
    "as it takes an output of at least 1 class: got 0",
  ],
  ...[crossEntropy(), valueMse()].flatMap((loss) =>
    [
      [
        loss,
        spikes,
        "as it reads numbers: got a signal of spikes; rateCrossEntropy() and countCrossEntropy() " +
        "read spikes",
      ],
      [loss, { ...constant, shape: [0] }, "as it takes an output of at least 1 class: got 0"],
    ] as const
  ),
];

for (const [loss, signal, reason] of CASES) {
  const message = `Cannot compile the loss ${loss.name} ${reason}`;
  Deno.test(message, async () => {
    const error = await assertRejects(() => loss.compile(SCOPE, signal), TypeError);
    assertEquals(error.message, message);
  });
}

for (
  const [create, message] of [
    [
      () => rateMse({ correctRate: NaN }),
      "Cannot create the loss rateMse as correctRate must be a finite number: current value is NaN",
    ],
    [
      () => rateMse({ wrongRate: Infinity }),
      "Cannot create the loss rateMse as wrongRate must be a finite number: current value is Infinity",
    ],
    [
      () => potentialMse({ correct: -Infinity }),
      "Cannot create the loss potentialMse as correct must be a finite number: current value is -Infinity",
    ],
    [
      () => potentialMse({ wrong: NaN }),
      "Cannot create the loss potentialMse as wrong must be a finite number: current value is NaN",
    ],
    [
      () => valueMse({ correct: NaN }),
      "Cannot create the loss valueMse as correct must be a finite number: current value is NaN",
    ],
    [
      () => valueMse({ wrong: -Infinity }),
      "Cannot create the loss valueMse as wrong must be a finite number: current value is -Infinity",
    ],
  ] as const
) {
  Deno.test(message, () => {
    const error = assertThrows(create, RangeError);
    assertEquals(error.message, message);
  });
}
