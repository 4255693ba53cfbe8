import { join } from "node:path";
import { loadMnist } from "../datasets/mod.ts";
import { Gpu } from "../gpu/gpu.ts";
import { type EpochReport, Trainer } from "../training/trainer.ts";
import { buildNetwork } from "./network.ts";
import type { TrainOptions } from "./options.ts";
import { Progress } from "./progress.ts";
import { runFolder } from "./run_folder.ts";
import { trainerOptions } from "./trainer_options.ts";

/**
 * Trains a network. Without options it is that of SpikingJelly's MNIST tutorial: one Linear layer and
 * LIF neurons, images coded as Poisson spikes, mean squared error of the firing rates, Adam.
 *
 * @param options The command's options.
 */
export async function train(options: TrainOptions): Promise<void> {
  const data = await loadMnist(
    options.datasetDir === undefined ? {} : { directory: options.datasetDir },
  );
  using gpu = await Gpu.request({
    device: options.device,
    ...options.gpu === undefined ? {} : { name: options.gpu },
    onNotice: (line) => console.error(line),
  });
  const network = buildNetwork(options, data.train);
  using trainer = new Trainer(gpu, network, trainerOptions(options));
  const folder = join(options.logDir, runFolder(options));
  const metrics = join(folder, "metrics.jsonl");
  await Deno.mkdir(folder, { recursive: true }).catch((cause) => {
    throw new Error(`Cannot create the folder "${folder}": ${cause.message}`, { cause });
  });
  console.error(`Training on ${gpu.name}; metrics go to ${metrics}`);

  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  Deno.addSignalListener("SIGINT", onInterrupt);
  const progress = new Progress();
  let best: EpochReport | undefined;
  let finished = 0;
  try {
    const started = performance.now();
    const reports = trainer.fit(data.train, {
      epochs: options.epochs,
      test: data.test,
      signal: interrupt.signal,
      onProgress: (state) => progress.show(state),
    });
    for await (const report of reports) {
      await progress.end();
      // The first epoch's line replaces those of an earlier run.
      await Deno.writeTextFile(metrics, metricsLine(report), { append: report.epoch > 1 });
      finished = report.epoch;
      if (!best || report.testAccuracy > best.testAccuracy) best = report;
      const left = (performance.now() - started) / 1000 / report.epoch *
        (options.epochs - report.epoch);
      console.log(epochLine(report, options.epochs, left));
    }
    await progress.end();
  } finally {
    Deno.removeSignalListener("SIGINT", onInterrupt);
    await progress.end();
  }
  if (finished < options.epochs) console.error(`Interrupted: finished epochs: ${finished}`);
  if (best) {
    console.log(
      `Best test accuracy: ${percent(best.testAccuracy)} (epoch ${best.epoch})`,
    );
  }
  // Without neurons nothing fires.
  if (options.neuron === "none") return;
  const rates = await trainer.firingRates(data.test, 0);
  console.log(
    `Firing rates of the first test picture: [${Array.from(rates, (r) => r.toFixed(2)).join(" ")}]`,
  );
}

function metricsLine(report: EpochReport): string {
  const { epoch, trainLoss, trainAccuracy, testLoss, testAccuracy, seconds } = report;
  const values = { epoch, trainLoss, trainAccuracy, testLoss, testAccuracy, seconds };
  return `${JSON.stringify(values)}\n`;
}

function epochLine(
  report: EpochReport,
  epochs: number,
  secondsLeft: number,
): string {
  return `Epoch ${report.epoch}/${epochs}: ` +
    `train loss ${report.trainLoss.toFixed(5)}, accuracy ${percent(report.trainAccuracy)}; ` +
    `test loss ${report.testLoss.toFixed(5)}, accuracy ${percent(report.testAccuracy)}; ` +
    `${Math.round(report.imagesPerSecond)} images/s, ${duration(secondsLeft)} left`;
}

function percent(ratio: number): string {
  return `${(100 * ratio).toFixed(2)} %`;
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}
