import { assertEquals } from "@std/assert";
import { includes } from "../../kernels/includes.ts";
import { CommandList, workgroupsFor } from "../../src/extend.ts";
import { hash } from "../../src/core/random.ts";
import { sharedGpu } from "../support/gpu.ts";

const COUNT = 1 << 16;
const STRIDE = 0x9e3779b1;
const HASHES = `
#include lib/random

#binding var<storage, read_write> hashes: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;
  if (i < ${COUNT}u) { hashes[i] = hash(i * ${STRIDE}u); }
}
`;

for (const shiftsByFloats of [false, true]) {
  const how = shiftsByFloats ? "shifts by floats" : "shifts";
  Deno.test(`a kernel's hash that ${how} equals the one of src/core/random.ts`, async () => {
    const gpu = await sharedGpu();
    const kernel = await gpu.compile({
      name: "test/hash",
      texts: [HASHES],
      values: { shiftsByFloats },
      includes,
    });
    const hashes = gpu.createBuffer(COUNT * 4, "hashes");
    const dispatch = await kernel.bind({ hashes }, workgroupsFor(COUNT, 64));
    const commands = new CommandList(gpu.device);
    dispatch.encode(commands, 0);
    const words = new Uint32Array(await gpu.readBack(commands.end(), hashes, COUNT * 4));
    assertEquals(words, Uint32Array.from(words, (_, i) => hash(Math.imul(i, STRIDE) >>> 0)));
  });
}
