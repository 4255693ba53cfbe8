/**
 * The pair of kernels that runs a layer of neurons over all T, one kernel each way, whatever the kind of
 * neuron.
 *
 * @module
 */

export * from "./compile.ts";
export { fitsOneKernel, type NeuronEquations, neuronEquations } from "./equations.ts";
export { firstLearned, type LearnedTensor, learnedTensors } from "./learned.ts";
export { compilePair, type NeuronPair, type PairGradients, type PairMemory } from "./pair.ts";
export { type NeuronBytes, neuronBytes, type NeuronGradients, type NeuronRun } from "./run.ts";
