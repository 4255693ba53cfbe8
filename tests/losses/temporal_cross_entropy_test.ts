import { assert, assertEquals } from "@std/assert";
import { crossEntropy, temporalCrossEntropy } from "../../mod.ts";
import { assertClose } from "../support/close.ts";
import { placeOf } from "../support/dense.ts";
import { sharedGpu } from "../support/gpu.ts";
import { readSafeTensors } from "../support/safetensors.ts";
import { answer, scoresOf } from "./reference.ts";
import { type Output, runLoss, type StepResult } from "./run_loss.ts";

/** A batch, as `tests/goldens/losses/make.py` writes it down. */
interface GoldenCase {
  readonly name: string;
  readonly kind: "spikes" | "numbers";
  readonly T: number;
  readonly B: number;
  readonly C: number;
}

const FILE = readSafeTensors("tests/goldens/losses/temporal_cross_entropy.safetensors");
const CASES: readonly GoldenCase[] = JSON.parse(FILE.metadata["cases"]!);
const { rtol, atol } = JSON.parse(FILE.metadata["tolerance"]!);

/** The gradient of the first samples, [T][B][C]; asserts 0 for the others and past T. */
function gradientOf(
  { gradient, gradients }: StepResult,
  { T, B, C }: GoldenCase,
  samples: number,
): Float64Array {
  assertEquals(gradient, "time");
  const values = new Float64Array(T * B * C);
  gradients.forEach((value, at) => {
    const { t, n } = placeOf(at, T);
    if (n >= B * C) return;
    if (t < T && n < samples * C) values[t * B * C + n] = value;
    else assertEquals(value, 0, `the gradient at time step ${t}, number ${n}`);
  });
  return values;
}

for (const golden of CASES) {
  const { name, kind, T, B, C } = golden;
  Deno.test(`temporalCrossEntropy equals PyTorch: ${name}`, async () => {
    const gpu = await sharedGpu();
    const x = FILE.get(`${name}.x`);
    const labels = FILE.get(`${name}.labels`);
    const counts = Array.from({ length: B * C }, (_, n) => {
      return x.reduce((count, spike, i) => count + (i % (B * C) === n ? spike : 0), 0);
    });
    const output: Output = {
      ...{ timeSteps: T, batchSize: B, classes: C, labels },
      ...kind === "spikes" ? { spikes: x, counts } : { series: x, readout: "mean" },
    };
    const fewer = B - 2;
    const results = await runLoss(gpu, temporalCrossEntropy(), output, fewer);
    const answers = labels.map((_, b) => {
      const own = x.filter((_, i) => Math.floor(i % (B * C) / C) === b);
      return answer(scoresOf(own, T, "mean"));
    });
    for (const [i, samples] of [B, fewer].entries()) {
      const { loss, correct } = results[i]!;
      const losses = FILE.get(`${name}.losses`).slice(0, samples);
      assertClose([loss], [losses.reduce((a, b) => a + b, 0)], { rtol, atol: 0 });
      assertEquals(correct, answers.filter((c, b) => b < samples && c === labels[b]).length);
      const want = FILE.get(`${name}.gradient`)
        .map((g, i) => i % (B * C) < samples * C ? g : 0);
      // A gradient is the difference of numbers of at most 1, divided by T and the batch.
      assertClose(gradientOf(results[i]!, golden, samples), want, { rtol, atol: atol / (T * B) });
      assert(want.some((g) => g !== 0));
    }
  });
}

Deno.test("temporalCrossEntropy of what is the same at each time step is crossEntropy", async () => {
  const gpu = await sharedGpu();
  const output = { timeSteps: 5, batchSize: 2, classes: 2, labels: [1, 1], values: [3, -1, 0, 2] };
  const [temporal] = await runLoss(gpu, temporalCrossEntropy(), output, 1);
  const [plain] = await runLoss(gpu, crossEntropy(), output, 1);
  assertEquals(temporal, plain);
});
