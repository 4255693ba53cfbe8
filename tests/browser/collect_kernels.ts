/**
 * Collects the texts of the kernels that a program compiles: preloaded, it writes each text once into
 * the folder that `GALVANI_KERNELS` names. `GALVANI_PRESET=gpu` has kernels cut as for real GPUs,
 * `GALVANI_PRESET=swiftshader` as for SwiftShader, which would take five times as long to compile them itself.
 *
 * ```sh
 * GALVANI_KERNELS=FOLDER deno test -A --preload tests/browser/collect_kernels.ts tests/layers
 * ```
 *
 * @module
 */
import { createHash } from "node:crypto";

const folder = Deno.env.get("GALVANI_KERNELS");
if (folder) collect(folder);
const preset = Deno.env.get("GALVANI_PRESET");
if (preset === "gpu") say("isFallbackAdapter", false);
if (preset === "swiftshader") say("description", "SwiftShader");

/** Has adapters say something else of themselves than they are. */
function say<Name extends keyof GPUAdapterInfo>(name: Name, value: GPUAdapterInfo[Name]): void {
  Object.defineProperty(GPUAdapterInfo.prototype, name, { get: () => value });
}

/** Has each new text written, once a pipeline is made of it: tests try wrong ones, too. */
function collect(folder: string): void {
  Deno.mkdirSync(folder, { recursive: true });
  const codes = new WeakMap<GPUShaderModule, string>();
  const written = new Set<string>();
  const { createShaderModule, createComputePipelineAsync } = GPUDevice.prototype;
  GPUDevice.prototype.createShaderModule = function (descriptor) {
    const module = createShaderModule.call(this, descriptor);
    codes.set(module, descriptor.code);
    return module;
  };
  GPUDevice.prototype.createComputePipelineAsync = function (descriptor) {
    const code = codes.get(descriptor.compute.module)!;
    // Processes that collect at the same time write the same texts.
    const name = createHash("sha256").update(code).digest("hex");
    if (!written.has(name)) {
      written.add(name);
      Deno.writeTextFileSync(`${folder}/${name}.wgsl`, code);
    }
    return createComputePipelineAsync.call(this, descriptor);
  };
}
