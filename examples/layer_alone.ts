import { Gpu, LifNode, Simulation } from "@galvani/snn";

using gpu = await Gpu.request();
const [T, N] = [100, 1000];
const neurons = new LifNode({ tau: 2, storeV: true });
using layer = await Simulation.compile(gpu, neurons, { timeSteps: T, neurons: N });

const current = Float32Array.from({ length: T * N }, () => 2.5 * Math.random()); // [T, N]
const { spikes, v } = await layer.forward(current); // both [T, N]
const fired = spikes.reduce((sum, spike) => sum + spike, 0);
console.log(`${fired} spikes; v of neuron 0 at the end: ${v![(T - 1) * N]}`);

// The loss is the sum of all spikes and of all v squared: its gradients for spikes and v go in ...
const upstream = { spikes: new Float32Array(T * N).fill(1), v: v!.map((value) => 2 * value) };
const { x } = await layer.backward(upstream); // ... and that for the current comes out, [T, N].
console.log(`gradient of the current of neuron 0 at the start: ${x[0]}`);
