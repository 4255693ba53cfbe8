import { includes } from "../../kernels/includes.ts";
import type { Gpu } from "../../mod.ts";
import {
  CommandList,
  type EventSignal,
  eventTime,
  type Scope,
  workgroupsFor,
} from "../../src/extend.ts";

/** Copies a texture's texels to a buffer. */
const COPY = `
override texels: u32;

#texels source;
#binding var<storage, read_write> copy: array<vec4<u32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.x + id.y * groups.x * 64u;
  if (i < texels) { copy[i] = source_texel(i); }
}
`;

/** Reads the spike words of a signal: u32 [batch][capacity][blocks][4]. */
export async function readEventWords(
  scope: Pick<Scope, "gpu" | "batchSize" | "timeSteps">,
  { spikes, capacity }: EventSignal,
): Promise<Uint32Array> {
  const { gpu, batchSize, timeSteps } = scope;
  return await readTexels(gpu, spikes, batchSize * capacity * eventTime(timeSteps).blocks);
}

/** Reads the first texels of a texture: u32 [texels][4]. */
export async function readTexels(
  gpu: Gpu,
  source: GPUTexture,
  texels: number,
): Promise<Uint32Array> {
  const kernel = await gpu.compile({
    name: "test/copy",
    texts: [COPY],
    values: { texels },
    includes,
  });
  const copy = gpu.createBuffer(texels * 16, "copy");
  const dispatch = await kernel.bind({ source, copy }, workgroupsFor(texels, 64));
  const commands = new CommandList(gpu.device);
  dispatch.encode(commands, 0);
  return new Uint32Array(await gpu.readBack(commands.end(), copy, texels * 16));
}

/** Reads the spikes of a signal, 0 or 1: [batch][capacity][T]. */
export async function readEvents(
  scope: Pick<Scope, "gpu" | "batchSize" | "timeSteps">,
  signal: EventSignal,
): Promise<Uint8Array[][]> {
  const words = await readEventWords(scope, signal);
  const { blocks, wordSteps } = eventTime(scope.timeSteps);
  return Array.from(
    { length: scope.batchSize },
    (_, b) =>
      Array.from({ length: signal.capacity }, (_, i) => {
        const start = (b * signal.capacity + i) * blocks * 4;
        return Uint8Array.from(
          { length: scope.timeSteps },
          (_, t) => words[start + Math.floor(t / wordSteps)]! >>> t % wordSteps & 1,
        );
      }),
  );
}
