import type { Gpu, Reading } from "../gpu/gpu.ts";
import type { Plan } from "../network/plan.ts";
import type { Sequential } from "../network/sequential.ts";
import { type LayerValues, layerValues, type TrainerState } from "./trainer_state.ts";

/** What a plan has learned, read back from the device. */
export interface Snapshot {
  /** Steps of the optimizer before it. */
  readonly updates: number;
  /** The parameters of each layer. */
  readonly parameters: LayerValues;
  /** What the optimizer keeps of them, by name. */
  readonly optimizer: Readonly<Record<string, LayerValues>>;
}

/**
 * Copies the parameters, and what the optimizer keeps of them, as they are after what was submitted.
 *
 * @param plan The plan.
 * @param updates Steps of the optimizer that were submitted.
 * @returns What reads the copy.
 */
export function takeSnapshot(plan: Plan, updates: number): Reading<Snapshot> {
  const { gpu, optimizerStates } = plan;
  const sizes = plan.parameters.map((parameter) => parameter?.size);
  const copy = (buffers: readonly (GPUBuffer | undefined)[]): Reading<LayerValues> => {
    const readings = buffers.map((buffer) =>
      buffer && gpu.submitReading(gpu.device.createCommandEncoder(), buffer, buffer.size)
    );
    return () =>
      Promise.all(
        readings.map(async (read, i) => read && new Float32Array(await read()).slice(0, sizes[i])),
      );
  };
  const names = new Set(optimizerStates.flatMap((state) => Object.keys(state)));
  const readings = [
    copy(plan.parameters.map((parameter) => parameter?.values)),
    ...[...names].map((name) => copy(sizes.map((_, i) => optimizerStates[i]?.[name]))),
  ];
  return async () => {
    const [parameters, ...states] = await Promise.all(readings.map((read) => read()));
    const optimizer = Object.fromEntries([...names].map((name, i) => [name, states[i]!]));
    return { updates, parameters: parameters!, optimizer };
  };
}

/**
 * Gives a plan the parameters of a state, and what the optimizer keeps of them.
 *
 * @param gpu The plan's device.
 * @param network The plan's network.
 * @param plan The plan.
 * @param state The state.
 * @throws {TypeError} If a tensor is missing, of another shape, or holds no floats.
 */
export function writeState(
  gpu: Gpu,
  network: Sequential,
  plan: Plan,
  state: TrainerState,
): void {
  const write = (values: LayerValues, bufferOf: (layer: number) => GPUBuffer | undefined) =>
    values.forEach((own, layer) => {
      const buffer = bufferOf(layer);
      if (own && buffer) gpu.write(buffer, own);
    });
  write(layerValues(network, state.parameters), (layer) => plan.parameters[layer]?.values);
  const names = new Set(plan.optimizerStates.flatMap((kept) => Object.keys(kept)));
  for (const name of names) {
    const values = layerValues(network, state.optimizer, `.${name}`);
    write(values, (layer) => plan.optimizerStates[layer]?.[name]);
  }
}
