import { assertEquals, assertThrows } from "@std/assert";
import { checkOwnGpu, firstOnce } from "../../src/cli/device/processes.ts";
import { localCollectives } from "../../mod.ts";

Deno.test("processes of a machine share a GPU only if somebody chose it for them", () => {
  const card = { name: "A card", isSoftware: false };
  const none = () => undefined;
  assertThrows(
    () => checkOwnGpu(card, {}, 4, none),
    Error,
    "Cannot train as 4 processes of this machine would share A card",
  );
  checkOwnGpu(card, {}, 1, none);
  checkOwnGpu({ ...card, isSoftware: true }, {}, 4, none);
  checkOwnGpu(card, { gpu: "card" }, 4, none);
  for (const choice of ["DRI_PRIME", "SLURM_GPUS_PER_TASK"]) {
    checkOwnGpu(card, {}, 4, (name) => name === choice ? "1" : undefined);
  }
});

Deno.test("the first process does what the others then find done", async () => {
  const log: string[] = [];
  const results = await Promise.all(
    localCollectives(3).reverse().map((one) =>
      firstOnce(one, async () => {
        log.push(`${one.rank} begins`);
        await new Promise((resolve) => setTimeout(resolve, 5));
        log.push(`${one.rank} ends`);
        return one.rank;
      })
    ),
  );
  assertEquals(results, [2, 1, 0]);
  assertEquals(log.slice(0, 2), ["0 begins", "0 ends"]);
  assertEquals(log.length, 6);
  assertEquals(await firstOnce(undefined, () => Promise.resolve(7)), 7);
});
