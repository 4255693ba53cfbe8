import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { KernelError, Simulation } from "../../mod.ts";
import { type NeuronDescription, NeuronLayer, type NeuronModel } from "../../src/extend.ts";
import { neuronEquations } from "../../src/neurons/pair/equations.ts";
import { sharedGpu } from "../support/gpu.ts";

const WGSL = `
fn charge(s: State, x: f32) -> State { return s + State(x); }
fn input_gradient(gh: State, s: State, x: f32) -> f32 { return 1.0; }
fn state_gradient(gh: State, s: State, x: f32) -> State { return gh; }`;

/** Neurons from outside of the library. */
class OwnNode extends NeuronLayer {
  override readonly kind = "OwnNode";
  readonly model: Partial<NeuronModel>;

  constructor(model: Partial<NeuronModel>) {
    super("Cannot create neurons", {});
    this.model = model;
  }

  override describe(): NeuronDescription {
    return { ...this.options, kind: this.kind, wgsl: WGSL, ...this.model };
  }
}

const WRONG: [model: Partial<NeuronModel>, Class: ErrorConstructor, message: string][] = [
  [{ state: [] }, RangeError, "must have 1 to 4 variables of different names: current value is []"],
  [{ state: ["v", "v"] }, RangeError, "of different names: current value is [v, v]"],
  [{ state: ["a", "b", "c", "d", "e"] }, RangeError, "current value is [a, b, c, d, e]"],
  [
    { state: ["v", "I"] },
    SyntaxError,
    'small letters, digits and underscores: current value is "I"',
  ],
  [{ state: ["v", "i"], initial: { u: 1 } }, RangeError, 'it is [v, i], which has no "u" there'],
  [{ initial: { v: 1 } }, RangeError, 'it is [v], which has no "v" there'],
  [{ constants: { vThreshold: 2, v_threshold: 1 } }, TypeError, '"v_threshold"'],
  [{ constants: { alpha: 1 } }, TypeError, '"alpha"'],
  [
    { constants: { decay: [1, 2] } },
    RangeError,
    "OwnNode neurons as decay must have a number for each of the sample's 3 neurons: it has 2",
  ],
  [{ constants: { decay: [2, 2] } }, RangeError, "the sample's 3 neurons: it has 2"],
];
for (const [model, Class, message] of WRONG) {
  Deno.test(`neurons of one's own are refused: ${message}`, () => {
    const error = assertThrows(
      () => neuronEquations(new OwnNode(model).describe(), { features: 3 }),
      Class,
    );
    assert(error.message.includes(message), error.message);
  });
}

Deno.test("an error in the WGSL of neurons of one's own shows the line", async () => {
  const gpu = await sharedGpu();
  const layer = new OwnNode({ wgsl: WGSL.replace("return gh;", "return missing;") });
  const error = await assertRejects(
    async () => {
      using simulation = await Simulation.compile(gpu, layer, { timeSteps: 1, neurons: 1 });
      await simulation.forward(new Float32Array(1));
    },
    KernelError,
    "missing",
  );
  assert(error.message.includes("OwnNode"), error.message);
});

Deno.test("the example of neurons of one's own runs", async () => {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "examples/own_neuron.ts"],
  }).output();
  assert(success);
  const lines = new TextDecoder().decode(stdout).trim().split("\n");
  assertEquals(lines.length, 4);
  // It tires: the first half has more spikes than the second.
  const spikes = lines[1]!.match(/[01]{40}/)![0];
  const count = (text: string) => text.replaceAll("0", "").length;
  assert(count(spikes.slice(0, 20)) > count(spikes.slice(20)));
});
