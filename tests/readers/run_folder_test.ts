/** What a run leaves behind, read by programs that are not ours. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CHROMIUM, lookAtPage, pictureSizes } from "../support/browser.ts";
import { writeTinyIdx } from "../support/tiny_idx.ts";
import { PYTHON, readWithPython } from "./python.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const STEPS = 20;
const T = 6;

interface NumpyArray {
  dtype: string;
  shape: number[];
  values: number[];
}

interface Scalar {
  step: number;
  value: number;
}

async function train(...args: string[]): Promise<void> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", "cli.ts", "train", "-T", String(T), "-b", "2", ...args],
    cwd: ROOT,
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
}

Deno.test({
  name: "a run of three epochs, stopped after two, is read by NumPy, TensorBoard and safetensors",
  ignore: PYTHON === undefined,
  async fn(t) {
    const data = await Deno.makeTempDir();
    const logs = await Deno.makeTempDir();
    await writeTinyIdx(data, { train: 2 * STEPS, test: 20, side: 6 });
    const args = ["--dataset-dir", data, "--log-dir", logs];
    await train(...args, "-N", "2");
    await train(...args, "-N", "3", "--resume", "auto");
    const folder = join(logs, `T${T}_b2_adam_lr0.001`);
    const file = (name: string) => join(folder, name);
    const lines = (await Deno.readTextFile(file("metrics.jsonl"))).trim().split("\n");
    const metrics = lines.map((line) => JSON.parse(line));
    assertEquals(metrics.length, 3);
    const column = (name: string) => metrics.map((line) => line[name]);
    const names = ["train_accs.npy", "test_accs.npy", "v_t_array.npy", "s_t_array.npy"];
    const [trainAccs, testAccs, v, s] = await readWithPython(
      "read_npy.py",
      ...names.map(file),
    ) as NumpyArray[];

    await t.step("NumPy: accuracies by step and by epoch", () => {
      assertEquals([trainAccs!.dtype, trainAccs!.shape], ["<f8", [3 * STEPS]]);
      for (let epoch = 0; epoch < 3; epoch++) {
        const own = trainAccs!.values.slice(epoch * STEPS, (epoch + 1) * STEPS);
        const mean = own.reduce((sum, value) => sum + value) / STEPS;
        assertAlmostEquals(mean, metrics[epoch].trainAccuracy, 1e-12);
      }
      assertEquals(testAccs!.shape, [3]);
      assertEquals(testAccs!.values, column("testAccuracy"));
    });

    await t.step("NumPy: spikes and potentials of the first test picture", () => {
      for (const array of [v, s]) assertEquals([array!.dtype, array!.shape], ["<f4", [T, 3]]);
      assert(s!.values.every((spike) => spike === 0 || spike === 1));
      // A spike leaves the potential at rest, 0; without one it is below the threshold, 1.
      s!.values.forEach((spike, i) => {
        const potential = v!.values[i]!;
        assert(spike === 1 ? potential === 0 : potential < 1, `${spike} ${potential}`);
      });
    });

    await t.step("TensorBoard: each step once", async () => {
      const { scalars, histograms, texts } = await readWithPython("read_events.py", folder) as {
        scalars: Record<string, Scalar[]>;
        histograms: Record<string, { step: number; count: number }[]>;
        texts: Record<string, { text: string }[]>;
      };
      const batches = scalars["train_batch_accuracy"]!;
      assertEquals(batches.map(({ step }) => step), Array.from({ length: 3 * STEPS }, (_, i) => i));
      assertEquals(batches.map(({ value }) => value), trainAccs!.values.map(Math.fround));
      const pairs = {
        train_loss: "trainLoss",
        train_acc: "trainAccuracy",
        test_loss: "testLoss",
        test_acc: "testAccuracy",
      };
      for (const [tag, name] of Object.entries(pairs)) {
        assertEquals(scalars[tag]!.map(({ step }) => step), [1, 2, 3]);
        assertEquals(scalars[tag]!.map(({ value }) => value), column(name).map(Math.fround));
      }
      const rates = histograms["firing_rate/layer_2_LifNode"]!;
      assertEquals(rates.map(({ step, count }) => [step, count]), [[1, 3], [2, 3], [3, 3]]);
      assertEquals(texts["options"]!.length, 1);
      assert(texts["options"]![0]!.text.includes(`| timeSteps | ${T} |`));
    });

    await t.step("safetensors: the parameters and nothing else", async () => {
      const best = Math.max(...column("testAccuracy"));
      for (const name of ["checkpoint_latest", "checkpoint_max"]) {
        const { tensors, metadata } = await readWithPython(
          "read_safetensors.py",
          file(`${name}.safetensors`),
        ) as { tensors: Record<string, NumpyArray>; metadata: Record<string, string> };
        assertEquals(Object.keys(tensors), ["layer.1.weight"]);
        assertEquals([tensors["layer.1.weight"]!.dtype, tensors["layer.1.weight"]!.shape], [
          "<f4",
          [3, 36],
        ]);
        const state = JSON.parse(metadata["state"]!);
        assertEquals(state.best.testAccuracy, best);
        if (name === "checkpoint_latest") {
          assertEquals([state.epoch, state.updates], [3, 3 * STEPS]);
        }
      }
    });

    await t.step({
      name: "a browser: the report",
      ignore: CHROMIUM === undefined,
      async fn() {
        assertEquals(await lookAtPage(file("report.html")), { flaws: [], figures: 6 });
      },
    });
    await t.step({
      name: "a browser: each plot, the PNG twice as large",
      ignore: CHROMIUM === undefined,
      async fn() {
        const plots = ["1d_spikes", "2d_heatmap", "accuracy", "confusion", "input", "weights"];
        const sizes = await pictureSizes(
          plots.flatMap((name) => [file(`${name}.svg`), file(`${name}.png`)]),
        );
        plots.forEach((name, i) => {
          const [svg, png] = [sizes[2 * i]!, sizes[2 * i + 1]!];
          assert(svg[0] > 100 && svg[1] > 50, `${name}: ${svg}`);
          assertEquals(png, [2 * svg[0], 2 * svg[1]], name);
        });
      },
    });

    await t.step("Python's json: options and metrics", async () => {
      const read = await readWithPython("read_json.py", file("args.json"), file("metrics.jsonl"));
      const [options, lines] = read as [Record<string, unknown>, unknown[]];
      assertEquals([options["timeSteps"], options["batchSize"], options["epochs"]], [T, 2, 3]);
      assertEquals(lines, metrics);
    });

    for (const path of [data, logs]) await Deno.remove(path, { recursive: true });
  },
});
