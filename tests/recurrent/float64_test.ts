import { checkRecurrent } from "./check_recurrent.ts";

checkRecurrent("the first adapter", {});
checkRecurrent("kernels cut for a GPU", { preset: "gpu" });
