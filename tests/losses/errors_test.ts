import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type Compilation,
  countCrossEntropy,
  crossEntropy,
  type Loss,
  potentialMse,
  rateCrossEntropy,
  rateMse,
  type Signal,
} from "../../mod.ts";

/** Checks come before anything is made, so neither device nor buffers are needed. */
const BUFFER = {} as GPUBuffer;
const COMPILATION = { batchSize: 1, timeSteps: 1 } as Compilation;

const constant: Signal = { kind: "constant", features: 2, values: BUFFER };
const dense: Signal = { kind: "dense", features: 2, values: BUFFER };
const spikes: Signal = { kind: "spikes", features: 2, spikes: BUFFER, counts: BUFFER };

const CASES: readonly (readonly [Loss, Signal, string])[] = [
  ...[rateMse(), rateCrossEntropy(), countCrossEntropy(), potentialMse()].flatMap((loss) =>
    [
      [loss, constant, "as it reads spikes: got a signal of constant"],
      [loss, dense, "as it reads spikes: got a signal of dense"],
      [
        loss,
        { ...spikes, scale: 2 },
        "as it reads spikes that count 1 each: got some that count 2",
      ],
      [loss, { ...spikes, features: 0 }, "as it takes an output of at least 1 class: got 0"],
    ] as const
  ),
  [
    potentialMse(),
    spikes,
    "as it reads the output neurons' potential: got spikes without it, which neurons such as " +
    "new LifNode({ storeV: true }) store",
  ],
  [
    crossEntropy(),
    dense,
    "as it reads values that are the same at each time step: got a signal of dense",
  ],
  [
    crossEntropy(),
    spikes,
    "as it reads values that are the same at each time step: got a signal of spikes; " +
    "rateCrossEntropy() and countCrossEntropy() read spikes",
  ],
  [
    crossEntropy(),
    { ...constant, features: 0 },
    "as it takes an output of at least 1 class: got 0",
  ],
];

for (const [loss, signal, reason] of CASES) {
  const message = `Cannot compile the loss ${loss.name} ${reason}`;
  Deno.test(message, async () => {
    const error = await assertRejects(() => loss.compile(COMPILATION, signal), TypeError);
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
  ] as const
) {
  Deno.test(message, () => {
    const error = assertThrows(create, RangeError);
    assertEquals(error.message, message);
  });
}
