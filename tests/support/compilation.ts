import {
  type Compilation,
  type Dispatch,
  type Gpu,
  type Phase,
  Recorder,
  type StepBuffer,
} from "../../mod.ts";

/** Bytes of the record of a step and of a sample, see kernels/lib/batch.wgsl. */
const STEP_BYTES = 32;
const SAMPLE_BYTES = 16;

/** A plan of a single step: what it takes to compile one encoder or one layer and to run it. */
export class TestCompilation implements Compilation {
  readonly gpu: Gpu;
  readonly batchSize: number;
  readonly timeSteps: number;
  readonly features: number;
  readonly steps: StepBuffer;
  readonly samples: StepBuffer;
  readonly pixels: GPUTexture;
  readonly metrics: GPUBuffer;
  readonly storesV = false;
  readonly #phases: Record<Phase, Dispatch[]> = {
    forward: [],
    evaluate: [],
    backward: [],
    update: [],
  };

  constructor(
    gpu: Gpu,
    { batchSize, timeSteps, features }: Pick<
      Compilation,
      "batchSize" | "timeSteps" | "features"
    >,
  ) {
    this.gpu = gpu;
    this.batchSize = batchSize;
    this.timeSteps = timeSteps;
    this.features = features;
    const window = (size: number, label: string): StepBuffer => ({
      buffer: this.buffer(size, label),
      stride: Math.ceil(size / 256) * 256,
      size,
    });
    this.steps = window(STEP_BYTES, "steps");
    this.samples = window(SAMPLE_BYTES * batchSize, "samples");
    this.pixels = this.texture(batchSize * Math.ceil(features / 4), "pixels");
    this.metrics = this.buffer(8 * batchSize, "metrics");
  }

  tiles(): never {
    throw new Error("there are no lists of pixels");
  }

  buffer(bytes: number, label: string): GPUBuffer {
    return this.gpu.createBuffer(bytes, label);
  }

  texture(texels: number, label: string): GPUTexture {
    return this.gpu.createTexture(texels, label);
  }

  add(phase: Phase, dispatch: Dispatch): void {
    this.#phases[phase].push(dispatch);
  }

  /** How many dispatches a phase has. */
  count(phase: Phase): number {
    return this.#phases[phase].length;
  }

  /** Lists all pixels of an image for each sample. */
  writeImages(images: readonly ArrayLike<number>[]): void {
    const texels = Math.ceil(this.features / 4);
    const pixels = new Uint32Array(images.length * texels * 4);
    const records = new Uint32Array(images.length * SAMPLE_BYTES / 4);
    images.forEach((image, sample) => {
      records.set([sample * texels, image.length], sample * SAMPLE_BYTES / 4);
      for (let i = 0; i < image.length; i++) pixels[sample * texels * 4 + i] = i | image[i]! << 24;
    });
    this.gpu.writeTexture(this.pixels, pixels);
    this.gpu.write(this.samples.buffer, records);
  }

  /** Runs a phase as the step of a key. */
  run(phase: Phase, { key = 1, learns = true }: { key?: number; learns?: boolean } = {}): void {
    this.gpu.write(
      this.steps.buffer,
      Uint32Array.of(key, 0, this.batchSize, Number(learns)),
    );
    const recorder = new Recorder(this.gpu.device);
    for (const dispatch of this.#phases[phase]) dispatch.encode(recorder, 0);
    this.gpu.device.queue.submit([recorder.end().finish()]);
  }
}
