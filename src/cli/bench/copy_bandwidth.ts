import type { Gpu } from "../../gpu/gpu.ts";
import { workgroupsFor } from "../../gpu/dispatch.ts";
import type { Stopwatch } from "./stopwatch.ts";

const LANES = 64;
const BYTES_A_VEC4 = 16;

/** One vec4 a lane. */
const COPY = `
override vectors: u32;

@group(0) @binding(0) var<storage, read> source: array<vec4<f32>>;        // [vectors]
@group(0) @binding(1) var<storage, read_write> copied: array<vec4<f32>>;  // [vectors]

@compute @workgroup_size(${LANES})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * ${LANES}u;
  if (i < vectors) { copied[i] = source[i]; }
}`;

/**
 * Measures how fast a device copies memory with a plain kernel.
 *
 * @param gpu The device.
 * @param stopwatch What times it.
 * @param bytes How much it copies.
 * @returns Gigabytes a second, those that are read and those that are written.
 */
export async function copyBandwidth(
  gpu: Gpu,
  stopwatch: Stopwatch,
  bytes: number,
): Promise<number> {
  const source = gpu.createBuffer(bytes, "copy source");
  const copied = gpu.createBuffer(bytes, "copy target");
  try {
    const vectors = source.size / BYTES_A_VEC4;
    const kernel = await gpu.compile({ name: "copy", texts: [COPY], values: { vectors } });
    const dispatch = await kernel.bind({ source, copied }, workgroupsFor(vectors, LANES));
    const milliseconds = await stopwatch.time((recorder) => dispatch.encode(recorder, 0));
    return 2 * source.size / milliseconds / 1e6;
  } finally {
    source.destroy();
    copied.destroy();
  }
}
