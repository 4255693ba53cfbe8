import { compareLengths } from "./compare_lengths.ts";

compareLengths("as this machine has it", {});
compareLengths("kernels cut for a GPU", { preset: "gpu" }, ({ variants }) => variants ?? false);
