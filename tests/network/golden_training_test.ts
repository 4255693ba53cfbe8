import { assertEquals } from "@std/assert";
import { Adam, atan, Gpu, LifNode, Linear, Sequential, sigmoid } from "../../mod.ts";
import { Plan } from "../../src/network/plan.ts";
import { assertClose } from "../support/close.ts";
import { LOSSES } from "../support/losses.ts";
import { InjectedEncoder } from "../support/injected_encoder.ts";
import { fromTorch, readGradient, readSpikes, readValues } from "../support/plan_reader.ts";
import { readSafeTensors } from "../support/safetensors.ts";

/** Training runs of SpikingJelly in float64: the same spikes, gradients and parameters within the tolerance. */
const FOLDER = Deno.env.get("GALVANI_GOLDENS") ?? "tests/goldens";

interface Config {
  layers: [
    { in: number; out: number; bias: boolean },
    {
      tau: number;
      decay_input: boolean;
      v_threshold: number;
      v_reset: number | null;
      detach_reset: boolean;
      surrogate: { name: string; params: { alpha: number } };
    },
  ];
  T: number;
  B: number;
  steps: number;
  optimizer: { lr: number; betas: [number, number]; eps: number };
}

for (const name of ["a-tutorial", "e-no-decay-soft-odd"]) {
  for (const [how, loss] of LOSSES) {
    Deno.test(`training follows the golden run ${name}, ${how}`, async () => {
      const golden = readSafeTensors(`${FOLDER}/training/${name}.safetensors`);
      const config: Config = JSON.parse(golden.metadata.config!);
      const tolerance = JSON.parse(golden.metadata.tolerance!);
      const [{ in: inputs, out: outputs, bias }, node] = config.layers;
      const { T, B, steps } = config;
      const { name: surrogate, params } = node.surrogate;
      using gpu = await Gpu.request();
      const encoder = new InjectedEncoder();
      const { lr, betas, eps } = config.optimizer;
      const optimizer = new Adam({ learningRate: lr, betas, epsilon: eps });
      using plan = await Plan.compile(gpu, {
        network: new Sequential([
          new Linear(inputs, outputs, { bias }),
          new LifNode({
            tau: node.tau,
            decayInput: node.decay_input,
            vThreshold: node.v_threshold,
            vReset: node.v_reset,
            detachReset: node.detach_reset,
            surrogate: surrogate === "Sigmoid" ? sigmoid(params) : atan(params),
          }),
        ]),
        encoder,
        loss: loss(),
        optimizer,
        timeSteps: T,
        batchSize: B,
        features: inputs,
      });
      const parameter = plan.parameters[0]!;
      const torch = (prefix: string, step = 0) => {
        const part = (tensor: string, size: number) =>
          golden.get(`${prefix}.0.${tensor}`).slice(step * size, (step + 1) * size);
        return fromTorch(
          part("weight", inputs * outputs),
          bias ? part("bias", outputs) : [],
          inputs,
          outputs,
        );
      };
      gpu.write(parameter.values, Float32Array.from(torch("init")));
      for (let step = 0; step < steps; step++) {
        const slice = (tensor: string, size: number) =>
          golden.get(tensor).slice(step * size, (step + 1) * size);
        encoder.write(slice("spikes", T * B * inputs));
        const [metrics] = await plan.run([{
          key: 0,
          optimizer: optimizer.stepValues(step + 1, lr),
          ...encoder.batch(slice("labels", B)),
        }]);
        assertEquals(await readSpikes(plan, plan.output), slice("layer_spikes.1", T * B * outputs));
        const rates = Array.from(await plan.counts()).slice(0, B * outputs).map((n) => n / T);
        assertClose(rates, slice("rates", B * outputs), tolerance.rates);
        assertClose([metrics!.loss / B], slice("loss", 1), tolerance.loss);
        assertClose(await readGradient(plan, parameter), torch("grad", step), tolerance.grad);
        assertClose(await readValues(plan, parameter), torch("param", step), tolerance.param);
      }
    });
  }
}
