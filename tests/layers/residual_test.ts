import { assertEquals, assertThrows } from "@std/assert";
import { DirectEncoder, Dropout, LifNode, Linear, Model, Residual, Sequential } from "../../mod.ts";
import { type Layer, layerFromJson } from "../../src/extend.ts";
import { checkNetwork, type InputKind } from "../support/against_float64.ts";
import { sharedGpu } from "../support/gpu.ts";

const lif = (vThreshold = 0.3) => new LifNode({ vThreshold });

/** What comes before the layer, what is inside, and what comes after. */
const CASES: readonly (readonly [string, InputKind, (n: number) => Layer[]])[] = [
  [
    "what is the same at each time step, and the same",
    "direct",
    (n) => [new Linear(n, n), new Residual(new Linear(n, n)), lif()],
  ],
  [
    "what is the same at each time step, and spikes",
    "direct",
    (n) => [
      new Linear(n, n),
      new Residual(new Sequential([lif(), new Linear(n, n), lif()])),
      lif(),
    ],
  ],
  [
    "numbers over time, and numbers over time",
    "events",
    (n) => [new Linear(n, n), new Residual(new Sequential([lif(), new Linear(n, n)])), lif()],
  ],
  [
    "numbers over time, and neurons that write their gradient over them",
    "events",
    (n) => [new Linear(n, n), new Residual(lif()), lif()],
  ],
  [
    "spikes, and numbers",
    "Poisson",
    (n) => [new Linear(n, n), lif(), new Residual(new Linear(n, n)), lif()],
  ],
  [
    "spikes, and spikes",
    "Poisson",
    (n) => [
      new Linear(n, n),
      lif(),
      new Residual(new Sequential([new Linear(n, n), lif()])),
      new Linear(n, 3),
      lif(),
    ],
  ],
  [
    "spikes after dropout, and numbers",
    "Poisson",
    (n) => [new Linear(n, n), lif(), new Dropout(0.25), new Residual(new Linear(n, n)), lif()],
  ],
  [
    "spikes, and spikes after dropout",
    "Poisson",
    (n) => [
      new Linear(n, n),
      lif(),
      new Residual(new Sequential([new Linear(n, n), lif(), new Dropout(0.25)])),
      new Linear(n, 3),
      lif(),
    ],
  ],
  [
    "the end of a network, spikes inside",
    "Poisson",
    (n) => [new Linear(n, n), lif(), new Residual(new Sequential([new Linear(n, n), lif()]))],
  ],
  [
    "the end of a network, all the same at each time step",
    "direct",
    (n) => [new Linear(n, n), new Residual(new Linear(n, n))],
  ],
  [
    "one within another",
    "floats over time",
    (n) => [
      new Sequential([new Linear(n, n), lif()]),
      new Residual(
        new Sequential([new Linear(n, n), new Residual(new Sequential([lif(), new Linear(n, n)]))]),
      ),
      new Sequential([new Sequential([lif()]), new Linear(n, 3)]),
      lif(),
    ],
  ],
];

/** Layers on the shortcut, too: what comes before, both ways, and what comes after. */
const SHORTCUTS: typeof CASES = (["ADD", "AND", "IAND"] as const).flatMap((connect) => {
  const both = (inner: Layer[], shortcut: Layer[]) =>
    new Residual(new Sequential(inner), { connect, shortcut: new Sequential(shortcut) });
  const cases: typeof CASES = [
    [
      `${connect} of spikes by two ways of spikes`,
      "Poisson",
      (n) => [
        new Linear(n, n),
        lif(),
        both([new Linear(n, 4), lif(0.1)], [new Linear(n, 4), lif(0.2)]),
        new Linear(4, 3),
        lif(),
      ],
    ],
    [
      `${connect} of what is the same at each time step, by both ways`,
      "direct",
      (n) => [new Linear(n, n), both([new Linear(n, 4)], [new Linear(n, 4)]), lif()],
    ],
    [
      `${connect} of what is the same at each time step, by a way of spikes`,
      "direct",
      (n) => [new Linear(n, n), both([new Linear(n, 4)], [lif(), new Linear(n, 4)]), lif()],
    ],
    [
      `${connect} of numbers over time, over which neurons write on both ways`,
      "events",
      (n) => [
        new Linear(n, n),
        both([lif(0.2), new Linear(n, 4)], [lif(), new Linear(n, 4, { bias: false })]),
        lif(0.1),
      ],
    ],
    [
      `${connect} of numbers over time, over which neurons write inside`,
      "events",
      (n) => [new Linear(n, n), both([lif(0.2), new Linear(n, 4)], [new Linear(n, 4)]), lif(0.1)],
    ],
    [
      `${connect} of spikes after dropout`,
      "Poisson",
      (n) => [
        new Linear(n, n),
        lif(),
        new Dropout(0.25),
        both([new Linear(n, 4), lif()], [new Linear(n, 4)]),
        lif(0.1),
      ],
    ],
    [
      `${connect}, the beginning of a network`,
      "Poisson",
      (n) => [both([new Linear(n, 4), lif()], [new Linear(n, 4)]), lif(0.1)],
    ],
    [
      `${connect}, one within another, on both ways`,
      "Poisson",
      (n) => [
        new Linear(n, n),
        lif(),
        both(
          [both([new Linear(n, n)], [new Linear(n, n)]), lif(), new Linear(n, 4)],
          [both([lif(0.2)], [new Dropout(0.5)]), new Linear(n, 4)],
        ),
        lif(0.1),
      ],
    ],
  ];
  return cases;
});

/** The products of both: what comes before, what is inside, and what comes after. */
const PRODUCTS: typeof CASES = (["AND", "IAND"] as const).flatMap((connect) => {
  const product = (...inner: Layer[]) => new Residual(new Sequential(inner), { connect });
  const cases: typeof CASES = [
    [
      `${connect} of spikes`,
      "Poisson",
      (n) => [new Linear(n, n), lif(), product(new Linear(n, n), lif()), new Linear(n, 3), lif()],
    ],
    [
      `${connect} of numbers over time, which neurons write their gradient over, and spikes`,
      "events",
      (n) => [new Linear(n, n), product(lif(0.2)), lif(0.2)],
    ],
    [
      `${connect} of what is the same at each time step`,
      "direct",
      (n) => [new Linear(n, n), product(new Linear(n, n)), lif()],
    ],
    [
      `${connect} of what is the same at each time step, and spikes`,
      "direct",
      (n) => [new Linear(n, n), product(lif(), new Linear(n, n), lif()), lif(0.1)],
    ],
    [
      `${connect} of spikes after dropout, and spikes after dropout`,
      "Poisson",
      (n) => [
        new Linear(n, n),
        lif(),
        new Dropout(0.25),
        product(new Linear(n, n), lif(), new Dropout(0.5)),
        new Linear(n, 3),
        lif(),
      ],
    ],
    [
      `${connect}, the end of a network`,
      "Poisson",
      (n) => [new Linear(n, n), lif(), product(new Linear(n, n), lif())],
    ],
  ];
  return cases;
});

for (const [what, input, layersOf] of [...CASES, ...PRODUCTS, ...SHORTCUTS]) {
  Deno.test(`a Residual layer equals float64: ${what}`, async () => {
    const gpu = await sharedGpu();
    for (const variants of ["auto", "plain"] as const) {
      for (const [timeSteps, batch, features] of [[1, 3, 5], [11, 2, 7], [34, 1, 6]] as const) {
        const layers = layersOf(features);
        await checkNetwork(gpu, { layers, input, timeSteps, batch, features, variants });
      }
    }
  });
}

Deno.test("parameters of layers within others have the names that PyTorch gives them", async () => {
  const gpu = await sharedGpu();
  const network = new Sequential([
    new Linear(4, 4),
    new Sequential([new Linear(4, 4, { bias: false }), lif()]),
    new Residual(new Sequential([new Linear(4, 4), lif(), new Residual(new Linear(4, 4))])),
    new Residual(new Linear(4, 4, { bias: false }), { shortcut: new Linear(4, 4) }),
    lif(),
  ]);
  using model = await Model.compile(gpu, network, {
    input: [4],
    encoder: new DirectEncoder(),
    timeSteps: 2,
  });
  assertEquals([...(await model.parameters()).keys()], [
    "layer.0.weight",
    "layer.0.bias",
    "layer.1.0.weight",
    "layer.2.inner.0.weight",
    "layer.2.inner.0.bias",
    "layer.2.inner.2.inner.weight",
    "layer.2.inner.2.inner.bias",
    "layer.3.inner.weight",
    "layer.3.shortcut.weight",
    "layer.3.shortcut.bias",
  ]);
});

Deno.test("a Residual layer is made again from JSON, and refuses other connections", () => {
  for (const connect of ["ADD", "AND", "IAND"] as const) {
    const layer = new Residual(new Linear(4, 4), { connect });
    assertEquals(layerFromJson(JSON.parse(JSON.stringify(layer))), layer);
  }
  const shortcut = new Sequential([new Linear(4, 3), lif()]);
  const layer = new Residual(new Linear(4, 3), { shortcut });
  assertEquals(layerFromJson(JSON.parse(JSON.stringify(layer))).toJSON(), layer.toJSON());
  assertEquals(layer.outputShape([4]), [3]);
  assertThrows(
    () => new Residual(new Linear(4, 3)).outputShape([4]),
    RangeError,
    "what is inside must give the shape it gets, [4]: it gives [3]",
  );
  assertThrows(
    () => new Residual(new Linear(4, 4), { shortcut }).outputShape([4]),
    RangeError,
    "what is inside must give the shape that its shortcut gives, [3]: it gives [4]",
  );
  assertThrows(
    () => new Residual(lif(), { connect: "OR" as "AND" }),
    RangeError,
    'connect must be "ADD", "AND" or "IAND": current value is "OR"',
  );
});
