import { compareVariants } from "./compare_variants.ts";

compareVariants("as this machine has it", {});
compareVariants("kernels cut for a GPU", { preset: "gpu" }, [7, 129]);
