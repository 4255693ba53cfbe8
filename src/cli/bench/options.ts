import type { Command } from "../options/command.ts";
import { DEVICE, type DeviceOptions, GPU, JSON_FILE } from "../options/common_options.ts";

/** The options of `bench`. */
export interface BenchOptions extends DeviceOptions {
  /** The file that the figures are written to as JSON. */
  readonly json?: string;
}

/** The command `bench`. */
export const BENCH: Command<BenchOptions> = {
  name: "bench",
  summary: "Measure the adapter",
  description:
    "Measures an adapter: the kernels of LIF neurons, and training steps of networks of them.",
  positionals: [],
  options: [DEVICE, GPU, JSON_FILE],
  examples: ["", "--device software --json bench.json"],
};
