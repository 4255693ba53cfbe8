import fc from "fast-check";
import type { Tensor } from "../../src/formats/mod.ts";
import type { NirGraph, NirMetadata, NirNode } from "../../src/nir/mod.ts";
import { anyTensor } from "../formats/any_tensor.ts";

const tensor = (shape: readonly number[], fill = 1): Tensor => ({
  shape,
  data: new Float64Array(shape.reduce((product, size) => product * size, 1)).fill(fill),
});

/** A node of each type, of any size. */
const node: fc.Arbitrary<NirNode> = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer())
  .chain(([n, fill]) => {
    const own = (...names: string[]) =>
      Object.fromEntries(names.map((name) => [name, tensor([n], fill)]));
    const conv = (rank: number) => ({
      weight: tensor(new Array(rank).fill(n), fill),
      bias: tensor([n]),
      groups: tensor([]),
      ...own("stride", "dilation", "input_shape"),
      padding: fill % 2 ? "same" : tensor([n]),
    });
    const pool = own("kernel_size", "stride", "padding");
    return fc.constantFrom<NirNode>(
      { type: "Affine", parameters: { weight: tensor([n, 2], fill), bias: tensor([n]) } },
      { type: "AvgPool2d", parameters: pool },
      { type: "Conv1d", parameters: conv(3) },
      { type: "Conv2d", parameters: conv(4) },
      { type: "CubaLI", parameters: own("tau_syn", "tau_mem", "r", "v_leak", "w_in") },
      {
        type: "CubaLIF",
        parameters: own("tau_syn", "tau_mem", "r", "v_leak", "v_threshold", "v_reset", "w_in"),
      },
      { type: "Delay", parameters: own("delay") },
      { type: "Flatten", parameters: own("start_dim", "end_dim", "input_type") },
      { type: "I", parameters: own("r") },
      { type: "IF", parameters: own("r", "v_threshold", "v_reset") },
      { type: "Input", parameters: own("shape") },
      { type: "LI", parameters: own("tau", "r", "v_leak") },
      { type: "LIF", parameters: own("tau", "r", "v_leak", "v_threshold", "v_reset") },
      { type: "Linear", parameters: { weight: tensor([n, 2, 1], fill) } },
      { type: "Output", parameters: own("shape") },
      { type: "Scale", parameters: own("scale") },
      { type: "SumPool2d", parameters: pool },
      { type: "Threshold", parameters: own("threshold") },
    );
  });

const text = fc.string({ unit: "grapheme", maxLength: 6 }).map((text) => text.replaceAll("\0", ""));
const name = fc.oneof(text, fc.constantFrom("0", "10", "2", "__proto__", "lif.lif"))
  .map((name) => name.replaceAll("/", "-")).filter((name) => name !== "" && name !== ".");
const metadata: fc.Arbitrary<NirMetadata> = fc.array(
  fc.tuple(name, fc.oneof(text, anyTensor())),
  { minLength: 1, maxLength: 3 },
).map((entries) =>
  new Map<string, NirMetadata | string | Tensor>([...entries, ["inner", new Map(entries)]])
);

function graphOf(item: fc.Arbitrary<NirNode | NirGraph>): fc.Arbitrary<NirGraph> {
  return fc.tuple(
    fc.array(fc.tuple(name, item), { maxLength: 12 }),
    fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 8 }),
    fc.option(metadata, { nil: undefined }),
  ).map(([entries, pairs, metadata]) => {
    const nodes = new Map(entries);
    const names = [...nodes.keys()];
    const edges = new Map<string, [string, string]>();
    for (const [from, to] of names.length > 0 ? pairs : []) {
      const edge: [string, string] = [names[from % names.length]!, names[to % names.length]!];
      edges.set(JSON.stringify(edge), edge);
    }
    return {
      type: "NIRGraph",
      nodes,
      edges: [...edges.values()],
      ...metadata ? { metadata } : {},
    };
  });
}

/**
 * Sound graphs of all types of nodes, graphs in them, with metadata.
 *
 * @returns The graphs.
 */
export function anyGraph(): fc.Arbitrary<NirGraph> {
  const named = fc.tuple(node, fc.option(metadata, { nil: undefined }))
    .map(([node, metadata]): NirNode => ({ ...node, ...metadata ? { metadata } : {} }));
  return graphOf(fc.oneof({ weight: 4, arbitrary: named }, graphOf(named)))
    .map((graph) => ({ ...graph, version: "1.0.8" }));
}
