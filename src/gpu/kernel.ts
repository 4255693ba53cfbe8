/**
 * Kernels: from a template to a pipeline, and from a pipeline and buffers to a dispatch.
 *
 * @module
 */

import { includes } from "../../kernels/includes.ts";
import { captureError } from "./error_scope.ts";
import { KernelError } from "./errors.ts";
import { SHADER_STAGE } from "./flags.ts";
import { expandTemplate, snakeCase, type TemplateValues } from "./template.ts";
import { BYTES_A_TEXEL, TEXELS_A_ROW } from "./texels.ts";

/** What a kernel is made of. */
export interface KernelSource {
  /** Its name in messages. */
  readonly name: string;
  /** Its template, cut into as many texts as is convenient; they are joined in this order. */
  readonly texts: readonly string[];
  /**
   * Values for the template's expressions and, by the same names, for its `override` constants.
   * A name in camelCase here is one in snake_case there.
   */
  readonly values: TemplateValues;
}

/** One window of a buffer for each step of a chunk; a dispatch sees that of its own step. */
export interface StepBuffer {
  /** The buffer. */
  readonly buffer: GPUBuffer;
  /** Bytes from one step's window to the next: a multiple of 256. */
  readonly stride: number;
  /** Bytes of a window. */
  readonly size: number;
}

/**
 * What a kernel can be bound to. A buffer bound where the kernel reads a texture is copied into one
 * before each dispatch: llvmpipe reads textures many times faster.
 */
export type Resource = GPUBuffer | GPUTexture | StepBuffer;

/**
 * How neurons are cut into slices, a dispatch each (`kernels/lib/slice.wgsl`): the dense signals that
 * they read by `#reads` are copied slice by slice, into textures of a slice's size.
 */
export interface Slices {
  /** How many neurons there are. */
  readonly count: number;
  /** Neurons of a slice, a multiple of 8; the last may have fewer. */
  readonly width: number;
  /** Texels that hold all the time of a neuron. */
  readonly texels: number;
}

/** What a kernel needs of the {@linkcode Gpu} that it runs on. */
export interface KernelHost {
  /** The device. */
  readonly device: GPUDevice;
  /** A texture for the copy of a buffer; those of equal slot and size are shared. */
  scratchTexture(slot: number, texels: number): GPUTexture;
  /** The ranges of slices as `kernels/lib/slice.wgsl` reads them; those of equal slices are shared. */
  sliceBuffer(slices: Slices): StepBuffer;
  /** Throws if a resource was made on another device, or had no memory there. */
  checkUsable(resource: GPUBuffer | GPUTexture): void;
  /** Throws an error, or what is behind it: the device may be lost. */
  fail(error: Error): Promise<never>;
}

interface Binding {
  readonly index: number;
  readonly name: string;
  /** How the WGSL uses it. */
  readonly use: "uniform" | "read" | "read_write" | "texture" | "texture_storage";
}

/** A binding and what is bound there. */
interface Bound extends Binding {
  readonly resource: Resource;
}

const BINDING =
  /@group\(0\)\s*@binding\((\d+)\)\s*var(?:<(?:storage\s*,?\s*)?(uniform|read|read_write)?>)?\s*(\w+)\s*:\s*(texture(?:_storage)?)?/g;

/** A pipeline and the layout of the groups that can be bound to it. */
interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** A compiled kernel. Make one with {@linkcode Kernel.compile}. */
export class Kernel {
  /** Its name in messages. */
  readonly name: string;
  /** The WGSL that was compiled. */
  readonly code: string;
  readonly #device: GPUDevice;
  readonly #bindings: readonly Binding[];
  readonly #constants: Record<string, number>;
  readonly #pipelines = new Map<string, Promise<Pipeline>>();
  readonly #module: GPUShaderModule;
  readonly #host: KernelHost;

  private constructor(host: KernelHost, source: KernelSource) {
    const { device } = host;
    this.#host = host;
    this.name = source.name;
    const values = Object.fromEntries(
      Object.entries(source.values).map((
        [key, value],
      ) => [snakeCase(key), value]),
    );
    try {
      this.code = expandTemplate(source.texts.join("\n"), values, includes);
    } catch (cause) {
      const { message } = cause as Error;
      throw new KernelError(`Cannot compile kernel "${this.name}": ${message}`, { cause });
    }
    this.#device = device;
    this.#bindings = [...this.code.matchAll(BINDING)].map(([, index, access, name, texture]) => ({
      index: Number(index),
      name: name!,
      use: (access ?? texture ?? "read") as Binding["use"],
    })).sort((a, b) => a.index - b.index);
    this.#constants = {};
    for (const [, name, fallback] of this.code.matchAll(/^override\s+(\w+)[^=;]*(=)?/gm)) {
      const value = values[name!];
      if (value === undefined) {
        if (fallback) continue;
        throw new KernelError(
          `Cannot compile kernel "${this.name}" as it has no value for "${name}"`,
        );
      }
      this.#constants[name!] = Number(value);
    }
    this.#module = device.createShaderModule({
      label: this.name,
      code: this.code,
    });
  }

  /**
   * Compiles a kernel.
   *
   * @param host Where it will run.
   * @param source The kernel.
   * @returns The kernel, checked.
   * @throws {KernelError} If the WGSL is wrong; the message shows the line.
   */
  static async compile(host: KernelHost, source: KernelSource): Promise<Kernel> {
    const { device } = host;
    const { result: kernel, error: invalid } = captureError(
      device,
      "validation",
      () => new Kernel(host, source),
    );
    const information = await kernel.#module.getCompilationInfo();
    const error = await invalid;
    const first = information.messages.find((message) => message.type === "error");
    if (first || error) {
      return await host.fail(
        new KernelError(
          `Cannot compile kernel "${kernel.name}": ${first?.message ?? error?.message}` +
            (first ? quote(kernel.code, first.lineNum) : ""),
        ),
      );
    }
    return kernel;
  }

  /**
   * Binds the kernel to buffers.
   *
   * @param resources A buffer for each name that the WGSL declares.
   * @param workgroups How many workgroups to run in x, y and z; of slices, for each of them.
   * @param slices Of a kernel that includes lib/slice: how it is cut.
   * @returns The dispatch, ready to be encoded.
   * @throws {KernelError} If a name is missing, a resource doesn't fit, or the pipeline can't be made.
   * @throws {GpuOutOfMemoryError} If there was no memory for a resource.
   * @throws {GpuLostError} If the device was lost.
   * @throws {TypeError} If a resource was made on another device.
   */
  async bind(
    resources: Readonly<Record<string, Resource>>,
    workgroups: readonly [number, number?, number?],
    slices?: Slices,
  ): Promise<Dispatch> {
    const bound = this.#bindings.map((binding) => {
      const resource = resources[binding.name] ??
        (binding.use === "texture" ? resources[binding.name.replace(/_before$/, "")] : undefined) ??
        (binding.name === "slice" && slices ? this.#host.sliceBuffer(slices) : undefined);
      if (!resource) {
        throw new KernelError(
          `Cannot bind kernel "${this.name}" as "${binding.name}" is missing`,
        );
      }
      this.#host.checkUsable(own(resource));
      if (binding.use === "read_write" && "stride" in resource) {
        throw new KernelError(
          `Cannot bind kernel "${this.name}" as it writes to "${binding.name}", which is a window ` +
            `for each step: those are read only`,
        );
      }
      return { ...binding, resource };
    });
    const { pipeline, layout } = await this.#pipeline(bound);
    const copies: BufferCopy[] = [];
    const { result: group, error } = captureError(this.#device, "validation", () => {
      const entries = bound.map(({ index, use, resource }) => {
        if ("stride" in resource) {
          return { binding: index, resource: { buffer: resource.buffer, size: resource.size } };
        }
        if ("createView" in resource) return { binding: index, resource: resource.createView() };
        if (use !== "texture") return { binding: index, resource: { buffer: resource } };
        const sliced = slices !== undefined && resource.size >= slices.count * slices.texels * 16;
        const texels = sliced ? slices.width * slices.texels : resource.size / 16;
        const texture = this.#host.scratchTexture(copies.length, texels);
        copies.push({ buffer: resource, texture, sliced });
        return { binding: index, resource: texture.createView() };
      });
      return this.#device.createBindGroup({ label: this.name, layout, entries });
    });
    const invalid = await error;
    // Their memory was asked for before: whether there was any is known by now.
    for (const { resource } of bound) this.#host.checkUsable(own(resource));
    for (const { texture } of copies) this.#host.checkUsable(texture);
    if (invalid) {
      return await this.#host.fail(
        new KernelError(`Cannot bind kernel "${this.name}": ${invalid.message}`),
      );
    }
    const windows = bound.flatMap(({ name, resource }) =>
      "stride" in resource ? [{ stride: resource.stride, ofSlice: name === "slice" }] : []
    );
    const writes = bound.flatMap(({ use, resource }) =>
      use === "read_write" ? [resource as GPUBuffer] : []
    );
    return new Dispatch(this.name, {
      pipeline,
      group,
      windows,
      copies,
      writes,
      workgroups,
      slices,
    });
  }

  /** The pipeline for these bindings. */
  #pipeline(bound: readonly Bound[]): Promise<Pipeline> {
    const key = bound.filter(hasStride).map(({ name }) => name).join();
    let pipeline = this.#pipelines.get(key);
    if (!pipeline) {
      this.#pipelines.set(key, pipeline = this.#createPipeline(bound));
    }
    return pipeline;
  }

  async #createPipeline(bound: readonly Bound[]): Promise<Pipeline> {
    const { result, error } = captureError(this.#device, "validation", () => {
      const layout = this.#device.createBindGroupLayout({
        entries: bound.map((binding) => ({
          binding: binding.index,
          visibility: SHADER_STAGE.COMPUTE,
          ...layoutOf(binding.use, hasStride(binding)),
        })),
      });
      const pipeline = this.#device.createComputePipeline({
        label: this.name,
        layout: this.#device.createPipelineLayout({ bindGroupLayouts: [layout] }),
        compute: { module: this.#module, entryPoint: "main", constants: this.#constants },
      });
      return { pipeline, layout };
    });
    const invalid = await error;
    if (invalid) {
      await this.#host.fail(
        new KernelError(`Cannot compile kernel "${this.name}": ${invalid.message}`),
      );
    }
    return result;
  }
}

function hasStride({ resource }: Bound): boolean {
  return "stride" in resource;
}

/** What holds the memory of a resource. */
function own(resource: Resource): GPUBuffer | GPUTexture {
  return "stride" in resource ? resource.buffer : resource;
}

/** A buffer and the texture that it is copied into. */
interface BufferCopy {
  readonly buffer: GPUBuffer;
  readonly texture: GPUTexture;
  /** Whether it is copied slice by slice. */
  readonly sliced: boolean;
}

/** What a {@linkcode Dispatch} is made of. */
interface DispatchParts {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  readonly windows: readonly { readonly stride: number; readonly ofSlice: boolean }[];
  readonly copies: readonly BufferCopy[];
  readonly writes: readonly GPUBuffer[];
  readonly workgroups: readonly [number, number?, number?];
  readonly slices: Slices | undefined;
}

/** A kernel with all that it reads and writes. */
export class Dispatch {
  /** The kernel's name. */
  readonly name: string;
  readonly #parts: DispatchParts;

  /** @ignore Made by {@linkcode Kernel.bind}. */
  constructor(name: string, parts: DispatchParts) {
    this.name = name;
    this.#parts = parts;
  }

  /**
   * Puts the dispatch into commands.
   *
   * @param recorder The commands.
   * @param step Which step of the chunk its step buffers show.
   */
  encode(recorder: Recorder, step: number): void {
    const { pipeline, group, windows, copies, writes, workgroups, slices } = this.#parts;
    const count = slices ? Math.ceil(slices.count / slices.width) : 1;
    for (let slice = 0; slice < count; slice++) {
      for (const { buffer, texture, sliced } of copies) {
        if (sliced) recorder.copySlice(buffer, texture, slices!, slice);
        else recorder.copy(buffer, texture);
      }
      const pass = recorder.pass();
      pass.setPipeline(pipeline);
      const offsets = windows.map(({ stride, ofSlice }) => stride * (ofSlice ? slice : step));
      pass.setBindGroup(0, group, offsets);
      pass.dispatchWorkgroups(...workgroups);
    }
    for (const buffer of writes) recorder.changed(buffer);
  }
}

/** Commands in the making: dispatches, in as few passes as the copies between them allow. */
export class Recorder {
  readonly #commands: GPUCommandEncoder;
  #pass: GPUComputePassEncoder | undefined;
  /** The textures that still hold what a buffer does. */
  readonly #held = new Map<GPUTexture, GPUBuffer>();

  /**
   * Starts commands.
   *
   * @param device The device.
   */
  constructor(device: GPUDevice) {
    this.#commands = device.createCommandEncoder();
  }

  /**
   * The pass that the next dispatch goes into.
   *
   * @returns The pass.
   */
  pass(): GPUComputePassEncoder {
    return this.#pass ??= this.#commands.beginComputePass();
  }

  /**
   * Copies a buffer into a texture of {@linkcode Gpu.createTexture}, unless it is still there.
   *
   * @param buffer The buffer.
   * @param texture The texture, at least as large.
   */
  copy(buffer: GPUBuffer, texture: GPUTexture): void {
    if (this.#held.get(texture) === buffer) return;
    this.#held.set(texture, buffer);
    this.#copy(buffer, 0, texture, buffer.size / BYTES_A_TEXEL);
  }

  /**
   * Copies a slice of a dense signal into a texture.
   *
   * @param buffer The signal.
   * @param texture The texture, at least as large as a slice.
   * @param slices How the signal is cut.
   * @param slice Which slice.
   */
  copySlice(buffer: GPUBuffer, texture: GPUTexture, slices: Slices, slice: number): void {
    this.#held.delete(texture);
    const size = slices.width * slices.texels;
    const first = slice * size;
    this.#copy(buffer, first, texture, Math.min(size, buffer.size / BYTES_A_TEXEL - first));
  }

  /** Copies texels from a place in a buffer to the start of a texture. */
  #copy(buffer: GPUBuffer, first: number, texture: GPUTexture, texels: number): void {
    const commands = this.#endPass();
    const bytesPerRow = TEXELS_A_ROW * BYTES_A_TEXEL;
    const rows = Math.floor(texels / TEXELS_A_ROW);
    const region = (row: number, size: [number, number]) =>
      commands.copyBufferToTexture(
        { buffer, offset: first * BYTES_A_TEXEL + row * bytesPerRow, bytesPerRow },
        { texture, origin: [0, row] },
        size,
      );
    if (rows > 0) region(0, [TEXELS_A_ROW, rows]);
    const rest = texels - rows * TEXELS_A_ROW;
    if (rest > 0) region(rows, [rest, 1]);
  }

  /**
   * Says that a dispatch has written to a buffer: what was copied from it is out of date.
   *
   * @param buffer The buffer.
   */
  changed(buffer: GPUBuffer): void {
    for (const [texture, held] of this.#held) if (held === buffer) this.#held.delete(texture);
  }

  /**
   * Ends the pass.
   *
   * @returns The commands so far, to which others than dispatches may be added.
   */
  end(): GPUCommandEncoder {
    this.#held.clear();
    return this.#endPass();
  }

  #endPass(): GPUCommandEncoder {
    this.#pass?.end();
    this.#pass = undefined;
    return this.#commands;
  }
}

function layoutOf(
  use: Binding["use"],
  hasDynamicOffset: boolean,
): Omit<GPUBindGroupLayoutEntry, "binding" | "visibility"> {
  switch (use) {
    case "texture":
      return { texture: { sampleType: "uint" } };
    case "texture_storage":
      return { storageTexture: { access: "write-only", format: "rgba32uint" } };
    case "uniform":
      return { buffer: { type: "uniform", hasDynamicOffset } };
    case "read":
      return { buffer: { type: "read-only-storage", hasDynamicOffset } };
    case "read_write":
      return { buffer: { type: "storage", hasDynamicOffset } };
  }
}

/** The line of a text with the two before it, as they stand in a message. */
function quote(code: string, line: number): string {
  const lines = code.split("\n").slice(Math.max(0, line - 3), line);
  return lines.map((text, i) => `\n  ${line - lines.length + i + 1} | ${text}`)
    .join("");
}

/**
 * How many workgroups a kernel needs that gives each lane one item, within the limit of 65,535 in a
 * dimension: the kernel counts lanes over x and y.
 *
 * @param items How many items there are.
 * @param lanes Lanes of a workgroup.
 * @returns Workgroups in x and y.
 */
export function workgroupsFor(items: number, lanes: number): [number, number] {
  const groups = Math.ceil(items / lanes);
  const rows = Math.ceil(groups / 65535);
  return [Math.ceil(groups / rows), rows];
}
