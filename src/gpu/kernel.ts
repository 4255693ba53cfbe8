/**
 * Kernels: from a template to a pipeline, and from a pipeline and buffers to a dispatch.
 *
 * @module
 */

import {
  type BufferPart,
  isStepBuffer,
  isTexture,
  layoutOf,
  memoryOf,
  rangeOf,
  type Resource,
} from "./bindings.ts";
import { type Binding, type BindingUse, readDeclarations } from "./declarations.ts";
import type { DeviceState } from "./device_state.ts";
import { createDispatch, type Dispatch } from "./dispatch.ts";
import { captureError } from "./error_scope.ts";
import { KernelError } from "./errors.ts";
import { SHADER_STAGE } from "./flags.ts";
import type { ScratchTextures } from "./scratch.ts";
import {
  type ExpandedTemplate,
  expandTemplate,
  includeTemplates,
  snakeCase,
  type TemplateValues,
} from "./template.ts";

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
  /**
   * The templates that `#include` may name.
   *
   * @default {{}}
   */
  readonly includes?: Readonly<Record<string, string>>;
}

/** A binding and what is bound there. */
interface Bound extends Binding {
  readonly resource: Resource;
}

/** A pipeline and the layout of the groups that can be bound to it. */
interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/**
 * Joins a kernel's texts, those that they include among them.
 *
 * @param source The kernel.
 * @returns One template, which with the values says all of the kernel.
 * @throws {KernelError} If there is no such text to include.
 */
export function templateOf({ name, texts, includes }: KernelSource): string {
  return refuse(name, () => includeTemplates(texts.join("\n"), includes));
}

/** Says which kernel an error of its text is about. */
function refuse<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const { message } = cause as Error;
    throw new KernelError(`Cannot compile kernel "${name}": ${message}`, { cause });
  }
}

/** A compiled kernel. Make one with {@linkcode Gpu.compile}. */
export class Kernel {
  /** Its name in messages. */
  readonly name: string;
  /** The WGSL that was compiled. */
  readonly code: string;
  readonly #state: DeviceState;
  readonly #scratch: ScratchTextures;
  readonly #bindings: readonly Binding[];
  /** Which bindings are textures that hold a buffer's copy, and the buffer's name. */
  readonly #copies: ExpandedTemplate["copies"];
  readonly #constants: Record<string, number> = {};
  readonly #pipelines = new Map<string, Promise<Pipeline>>();
  readonly #module: GPUShaderModule;

  private constructor(state: DeviceState, scratch: ScratchTextures, source: KernelSource) {
    const { name } = source;
    this.#state = state;
    this.#scratch = scratch;
    this.name = name;
    const values = Object.fromEntries(
      Object.entries(source.values).map(([key, value]) => [snakeCase(key), value]),
    );
    const { code, copies } = refuse(name, () => expandTemplate(templateOf(source), values));
    this.code = code;
    this.#copies = copies;
    const { bindings, overrides } = refuse(name, () => readDeclarations(code));
    this.#bindings = bindings;
    for (const { name: constant, key, hasDefault } of overrides) {
      const value = values[constant];
      if (value === undefined && !hasDefault) {
        throw new KernelError(
          `Cannot compile kernel "${name}" as it has no value for "${constant}"`,
        );
      }
      if (value !== undefined) this.#constants[key] = Number(value);
    }
    this.#module = state.device.createShaderModule({ label: name, code });
  }

  /**
   * Compiles a kernel.
   *
   * @ignore Called by {@linkcode Gpu.compile}.
   * @param state The device.
   * @param scratch Where buffers are copied that it reads through textures.
   * @param source The kernel.
   * @returns The kernel, checked.
   * @throws {KernelError} If the WGSL is wrong; the message shows the line.
   */
  static async compile(
    state: DeviceState,
    scratch: ScratchTextures,
    source: KernelSource,
  ): Promise<Kernel> {
    const { result: kernel, error: invalid } = captureError(
      state.device,
      "validation",
      () => new Kernel(state, scratch, source),
    );
    const information = await kernel.#module.getCompilationInfo();
    const error = await invalid;
    const first = information.messages.find((message) => message.type === "error");
    if (first || error) {
      return await state.fail(
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
   * What the kernel reads by `#reads x` or `#updates x` is given as `x`. Where it reads a copy, what is
   * copied may be given as `x_copy`: such as a part of `x`.
   *
   * @param resources A resource for each name that the WGSL declares; others are left alone.
   * @param workgroups How many workgroups to run in x, y and z.
   * @returns The dispatch, ready to be encoded.
   * @throws {KernelError} If a name is missing, a resource doesn't fit, or the pipeline can't be made.
   * @throws {GpuOutOfMemoryError} If there was no memory for a resource.
   * @throws {GpuLostError} If the device was lost.
   * @throws {TypeError} If a resource was made on another device.
   */
  async bind(
    resources: Readonly<Record<string, Resource>>,
    workgroups: readonly [number, number?, number?],
  ): Promise<Dispatch> {
    const { name } = this;
    const state = this.#state;
    const bound = this.#bindings.map((binding) => this.#find(binding, resources));
    const { pipeline, layout } = await this.#pipeline(bound);
    const copies: { part: BufferPart; texture: GPUTexture }[] = [];
    const { result: group, error } = captureError(state.device, "validation", () => {
      const entries = bound.map(({ index, use, resource }) => {
        if (isTexture(resource)) return { binding: index, resource: resource.createView() };
        const part = rangeOf(resource);
        if (!readsTexture(use)) return { binding: index, resource: part };
        const texture = this.#scratch.texture(copies.length, part.size / 16);
        copies.push({ part, texture });
        return { binding: index, resource: texture.createView() };
      });
      return state.device.createBindGroup({ label: name, layout, entries });
    });
    const invalid = await error;
    // Their memory was asked for before: whether there was any is known by now.
    for (const { resource } of bound) state.checkUsable(memoryOf(resource));
    for (const { texture } of copies) state.checkUsable(texture);
    if (invalid) {
      return await state.fail(
        new KernelError(`Cannot bind kernel "${name}": ${invalid.message}`),
      );
    }
    const strides = bound.flatMap(({ resource }) =>
      isStepBuffer(resource) ? [resource.stride] : []
    );
    const writes = bound.flatMap(({ use, resource }) =>
      use === "read_write" ? [memoryOf(resource) as GPUBuffer] : []
    );
    return createDispatch({ name, pipeline, group, strides, copies, writes, workgroups });
  }

  /** Finds what is to be bound at a binding. */
  #find(binding: Binding, resources: Readonly<Record<string, Resource>>): Bound {
    const { index, name, use } = binding;
    const cannotBind = (why: string) =>
      new KernelError(`Cannot bind kernel "${this.name}" as ${why}`);
    const original = this.#copies.get(index);
    const resource = resources[name] ??
      (original === undefined ? undefined : resources[original]);
    if (!resource) throw cannotBind(`"${original ?? name}" is missing`);
    this.#state.checkUsable(memoryOf(resource));
    if (isStepBuffer(resource) && (use === "read_write" || readsTexture(use))) {
      throw cannotBind(
        readsTexture(use)
          ? `it reads "${name}" through a texture, which a window for each step can't be`
          : `it writes to "${name}", which is a window for each step: those are read only`,
      );
    }
    if (readsTexture(use) && original === undefined && !isTexture(resource)) {
      throw cannotBind(`"${name}" must be a texture: it is a buffer`);
    }
    return { ...binding, resource };
  }

  /** The pipeline for these bindings. */
  #pipeline(bound: readonly Bound[]): Promise<Pipeline> {
    const key = bound.filter(({ resource }) => isStepBuffer(resource)).map(({ name }) => name)
      .join();
    let pipeline = this.#pipelines.get(key);
    if (!pipeline) {
      this.#pipelines.set(key, pipeline = this.#createPipeline(bound));
    }
    return pipeline;
  }

  async #createPipeline(bound: readonly Bound[]): Promise<Pipeline> {
    const { device } = this.#state;
    // In a browser the device goes on with other work meanwhile.
    const { result: { layout, making }, error } = captureError(device, "validation", () => {
      const layout = device.createBindGroupLayout({
        entries: bound.map(({ index, use, resource }) => ({
          binding: index,
          visibility: SHADER_STAGE.COMPUTE,
          ...layoutOf(use, isStepBuffer(resource)),
        })),
      });
      const making = device.createComputePipelineAsync({
        label: this.name,
        layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
        compute: { module: this.#module, entryPoint: "main", constants: this.#constants },
      }).then((pipeline) => ({ pipeline }), ({ message }: GPUPipelineError) => ({ message }));
      return { layout, making };
    });
    const invalid = await error;
    const made = await making;
    if (!invalid && "pipeline" in made) return { pipeline: made.pipeline, layout };
    const { message } = invalid ?? made as { message: string };
    return await this.#state.fail(
      new KernelError(`Cannot compile kernel "${this.name}": ${message}`),
    );
  }
}

/** Whether a binding is a texture that the kernel reads. */
function readsTexture(use: BindingUse): boolean {
  return use === "texture" || use === "texture_read";
}

/** The line of a text with the two before it, as they stand in a message. */
function quote(code: string, line: number): string {
  const lines = code.split("\n").slice(Math.max(0, line - 3), line);
  return lines.map((text, i) => `\n  ${line - lines.length + i + 1} | ${text}`)
    .join("");
}
