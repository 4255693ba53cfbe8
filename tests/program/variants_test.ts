import { compareVariants, WIDE_NETWORKS } from "./compare_variants.ts";

compareVariants("as this machine has it", {});
compareVariants("kernels cut for a GPU", { preset: "gpu" }, [7, 129]);
compareVariants("kernels cut for a GPU", { preset: "gpu" }, [7, 44], WIDE_NETWORKS);
