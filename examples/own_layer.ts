// A layer of one's own: a learned gain for each feature. Its kernel is in `own_layer.wgsl`.
import { Adam, DirectEncoder, Flatten, Gpu, LifNode, Linear } from "@galvani/snn";
import { Model, rateMse, Sequential, Trainer } from "@galvani/snn";
import { loadMnist } from "@galvani/snn/datasets";
import { denseBytes, numbers, reader, sizeOf, stored } from "@galvani/snn/extend";
import { workgroupsFor, writer } from "@galvani/snn/extend";
import type { Declarations, Gradient, KernelPart, Layer } from "@galvani/snn/extend";
import type { NumberSignal, Scope, Shape, Signal } from "@galvani/snn/extend";
import kernel from "./own_layer.wgsl" with { type: "text" };

class Gain implements Layer {
  readonly kind = "Gain";
  outputShape = (input: Shape) => input;
  toJSON = () => ({ kind: this.kind });

  declare(declarations: Declarations, input: Shape) {
    const [shape, init] = [[sizeOf(input)], () => new Float32Array(sizeOf(input)).fill(1)];
    declarations.parameter("gain", { shape, init });
  }

  async compile(scope: Scope, signal: Signal) {
    const x = await numbers(scope, await stored(scope, signal));
    const { values: gain, gradient } = scope.parameter("gain");
    const [batch, features] = [scope.batchSize, sizeOf(x.shape)];
    const overTime = x.over === "time"; // else it is the same at each time step, and so is y
    const steps = overTime ? scope.timeSteps : 1;
    const bytes = overTime ? denseBytes(steps, batch * features) : 4 * batch * features;
    const run = (phase: "forward" | "backward", ...parts: KernelPart[]) =>
      scope.run(phase, {
        name: `gain/${phase}`,
        texts: [...parts.map(({ text }) => text), kernel],
        values: { batch, features, steps, backward: phase === "backward" },
        resources: Object.assign({ gain, gradient }, ...parts.map(({ resources }) => resources)),
        workgroups: workgroupsFor(features, 64),
      });
    const output: NumberSignal = { ...x, values: scope.buffer(bytes, "y") };
    await run("forward", reader("x", x, scope), writer("y", output, scope));
    const backward = async ({ values }: Gradient) => {
      const over = values!.over === "time" ? "time" : "constant";
      const g: NumberSignal = { ...x, over, values: values!.buffer };
      const gx = { ...x, values: scope.buffer(bytes, "gx") };
      await run("backward", reader("x", x, scope), reader("g", g, scope), writer("gx", gx, scope));
      return {
        values: { over: overTime ? "time" as const : "summed" as const, buffer: gx.values },
      };
    };
    return { output, backward };
  }
}

using gpu = await Gpu.request();
const train = (await loadMnist()).train.slice(0, 6400);
const network = new Sequential([new Flatten(), new Linear(784, 10), new Gain(), new LifNode()]);
const options = { input: train.shape, encoder: new DirectEncoder(), timeSteps: 8 };
using model = await Model.compile(gpu, network, options);
const optimizer = new Adam({ learningRate: 5e-3 });
using trainer = new Trainer(model, { loss: rateMse(), optimizer, batchSize: 64 });
for await (const { trainAccuracy } of trainer.fit(train, { epochs: 2 })) console.log(trainAccuracy);
console.log((await model.parameters()).get("layer.2.gain"));
