import { Gpu, Simulation } from "@galvani/snn";
import { type NeuronDescription, NeuronLayer } from "@galvani/snn/extend";

/** Each step, the potential v keeps a share and takes the current, less a slow copy u of itself. */
const WGSL = `
fn charge(s: State, x: f32) -> State {
  return State(kept * s.x + x - s.y, s.y + adaptation * (s.x - s.y));
}
// From gh, the gradient of what charge returns, to those of its input and of the state it got.
fn input_gradient(gh: State, s: State, x: f32) -> f32 {
  return gh.x;
}
fn state_gradient(gh: State, s: State, x: f32) -> State {
  return State(kept * gh.x + adaptation * gh.y, (1.0 - adaptation) * gh.y - gh.x);
}
// Only a constant that is learned has a gradient.
fn adaptation_gradient(gh: State, s: State, x: f32) -> f32 {
  return gh.y * (s.x - s.y);
}`;

/** Neurons that tire: they fire less and less of a current that stays the same. */
class TiringNode extends NeuronLayer {
  override readonly kind = "TiringNode";

  override describe(): NeuronDescription {
    return {
      ...this.options,
      kind: this.kind,
      wgsl: WGSL,
      state: ["v", "u"],
      constants: { kept: 0.9, adaptation: { learned: 0.05 } },
      affine: true, // Neither of the two gradients that all neurons have reads s or x.
    };
  }
}

using gpu = await Gpu.request();
const [T, N] = [40, 3];
const neurons = new TiringNode("Cannot create tiring neurons", { vReset: null });
using layer = await Simulation.compile(gpu, neurons, { timeSteps: T, neurons: N, traces: ["u"] });

const current = Float32Array.from({ length: T * N }, (_, i) => 0.2 * (1 + i % N)); // [T, N]
const { spikes, counts, traces } = await layer.forward(current);
console.log("spikes over T:", [...counts]);
console.log("of neuron 2:", Array.from({ length: T }, (_, t) => spikes[t * N + 2]).join(""));
console.log("u of neuron 2 at the end:", traces.u![(T - 1) * N + 2]);

const { learned } = await layer.backward({ spikes: new Float32Array(N).fill(1) });
console.log("gradient of the number of spikes for the adaptation:", learned.adaptation![0]);
