import type { NirType } from "./graph.ts";

/** What a type of node has. */
export interface NodeType {
  /** Parameters that it must have. */
  readonly required: readonly string[];
  /** Parameters that it may have. */
  readonly optional?: readonly string[];
  /** Whether a number of each parameter belongs to a neuron, so that all but `w_in` have one shape. */
  readonly neurons?: boolean;
  /** Dimensions of the weights. */
  readonly weightRank?: number;
}

const CONVOLUTION = {
  required: ["weight", "stride", "padding", "dilation", "groups", "bias"],
  // Files of NIR before 0.2 lack it.
  optional: ["input_shape"],
};
const POOL = { required: ["kernel_size", "stride", "padding"] };

/** All types of nodes. Files of NIR before 1.0.6 have no `v_reset`; it is 0 then. */
export const NODE_TYPES: Readonly<Record<NirType, NodeType>> = {
  Affine: { required: ["weight", "bias"] },
  AvgPool2d: POOL,
  Conv1d: { ...CONVOLUTION, weightRank: 3 },
  Conv2d: { ...CONVOLUTION, weightRank: 4 },
  CubaLI: {
    required: ["tau_syn", "tau_mem", "r", "v_leak"],
    optional: ["w_in"],
    neurons: true,
  },
  CubaLIF: {
    required: ["tau_syn", "tau_mem", "r", "v_leak", "v_threshold"],
    optional: ["v_reset", "w_in"],
    neurons: true,
  },
  Delay: { required: ["delay"] },
  Flatten: { required: ["start_dim", "end_dim"], optional: ["input_type"] },
  I: { required: ["r"], neurons: true },
  IF: { required: ["r", "v_threshold"], optional: ["v_reset"], neurons: true },
  Input: { required: ["shape"] },
  LI: { required: ["tau", "r", "v_leak"], neurons: true },
  LIF: { required: ["tau", "r", "v_leak", "v_threshold"], optional: ["v_reset"], neurons: true },
  Linear: { required: ["weight"] },
  Output: { required: ["shape"] },
  Scale: { required: ["scale"] },
  SumPool2d: POOL,
  Threshold: { required: ["threshold"] },
};

/** Whether a type of node is known. */
export const isNirType = (type: string): type is NirType => Object.hasOwn(NODE_TYPES, type);
