import { checkRecurrent, checkSizes } from "./check_recurrent.ts";

checkRecurrent("the first adapter", {});
checkRecurrent("kernels cut for a GPU", { preset: "gpu" });
checkSizes("the first adapter", {});
checkSizes("the first adapter, plain", {}, "plain");
checkSizes("kernels cut for a GPU", { preset: "gpu" });
