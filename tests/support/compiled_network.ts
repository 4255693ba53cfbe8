import { type Dataset, eventDataset, type Gpu, type ModelOptions } from "../../mod.ts";
import {
  type BatchStep,
  type Layer,
  type Loss,
  type Optimizer,
  type Parameter,
  sizeOf,
  Source,
} from "../../src/extend.ts";
import { ModelCore } from "../../src/model/core.ts";
import { checkModelOptions } from "../../src/model/model_options.ts";
import type { Block } from "../../src/program/parameter_store.ts";
import type { Program, StepMetrics } from "../../src/program/program.ts";

/** What a network is compiled to train with. */
export interface NetworkOptions extends ModelOptions {
  readonly loss: Loss;
  readonly optimizer?: Optimizer;
  /** What its samples are; bytes by default. */
  readonly content?: Dataset["content"]["kind"];
  /** Time steps that they have of their own. */
  readonly contentSteps?: number;
  /** Whether they may end before T. */
  readonly lengths?: boolean;
}

/** A network that learns, step by step, as a test asks. */
export class CompiledNetwork implements Disposable {
  readonly gpu: Gpu;
  readonly core: ModelCore;
  readonly program: Program;

  private constructor(core: ModelCore, program: Program) {
    this.gpu = core.gpu;
    this.core = core;
    this.program = program;
  }

  static async compile(
    gpu: Gpu,
    network: Layer,
    { loss, optimizer, content = "bytes", contentSteps, lengths = false, ...options }:
      NetworkOptions,
  ): Promise<CompiledNetwork> {
    const core = new ModelCore(gpu, network, checkModelOptions(options));
    try {
      return new CompiledNetwork(
        core,
        await core.compileProgram({
          content,
          lengths,
          ...contentSteps === undefined ? {} : { timeSteps: contentSteps },
        }, {
          mode: "train",
          loss,
          ...optimizer ? { optimizer } : {},
        }),
      );
    } catch (error) {
      core.dispose();
      throw error;
    }
  }

  /** What is learned, in the order in which it was declared, with the gradients. */
  get parameters(): [Block, Parameter][] {
    const parameters = this.program.parameters;
    return this.core.store.learned.map((block) => [block, parameters.get(block)!]);
  }

  /** Runs one step with all samples of a data set, which fill a batch or not. */
  async run(dataset: Dataset, step: Partial<BatchStep> = {}): Promise<StepMetrics> {
    const source = new Source(dataset);
    await this.program.open(source);
    const [metrics] = await this.program.run([{
      key: 0,
      update: [0, 0, 0, 0],
      source,
      samples: Uint32Array.from({ length: dataset.count }, (_, i) => i),
      ...step,
    }]);
    return metrics!;
  }

  dispose(): void {
    this.program.dispose();
    this.core.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** Spikes [T][batch][features], 0 or 1, as events whose times are their time steps. */
export function spikeDataset(
  spikes: ArrayLike<number>,
  { timeSteps, labels, classes, shape, features = sizeOf(shape!) }: {
    timeSteps: number;
    /** Numbers of a sample, or its shape. */
    features?: number;
    shape?: readonly number[];
    labels: readonly number[];
    classes: number;
  },
): Dataset {
  const batch = labels.length;
  const recordings = labels.map((label, b) => {
    const places: number[] = [];
    const times: number[] = [];
    for (let t = 0; t < timeSteps; t++) {
      for (let i = 0; i < features; i++) {
        if (!spikes[(t * batch + b) * features + i]) continue;
        places.push(i);
        times.push(t);
      }
    }
    return { places, times, label };
  });
  return eventDataset(recordings, { shape: shape ?? [features], classes });
}
