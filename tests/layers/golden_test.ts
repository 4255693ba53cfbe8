import {
  AdaptiveAvgPool2d,
  AvgPool1d,
  AvgPool2d,
  BatchNorm1d,
  BatchNorm2d,
  Conv1d,
  Conv2d,
  MaxPool1d,
  MaxPool2d,
  ThresholdDependentBatchNorm1d,
  ThresholdDependentBatchNorm2d,
} from "../../mod.ts";
import type { Layer } from "../../src/extend.ts";
import { checkGoldenLayer, type GoldenCase } from "../support/golden_layer.ts";
import { sharedGpu } from "../support/gpu.ts";
import { readSafeTensors } from "../support/safetensors.ts";

/** Layers alone against PyTorch and SpikingJelly in float64. */
const FOLDER = "tests/goldens/convolution";

const convOptions = ({ layer }: GoldenCase) => ({
  kernelSize: layer["kernel_size"],
  stride: layer["stride"],
  padding: layer["padding"],
  dilation: layer["dilation"],
  groups: layer["groups"],
  bias: layer["bias"],
});

const normOptions = ({ layer }: GoldenCase) => ({
  eps: layer["eps"],
  momentum: layer["momentum"],
  affine: layer["affine"],
});

const thresholdOptions = ({ layer }: GoldenCase) => ({
  alpha: layer["alpha"],
  vThreshold: layer["v_th"],
  eps: layer["eps"],
  momentum: layer["momentum"],
});

const poolOptions = ({ layer }: GoldenCase) => ({
  stride: layer["stride"],
  padding: layer["padding"],
  ceilMode: layer["ceil_mode"],
  countIncludePad: layer["count_include_pad"],
});

const MAKE: Record<string, (golden: GoldenCase) => Layer> = {
  AdaptiveAvgPool2d: (golden) => new AdaptiveAvgPool2d(golden.layer["output_size"]),
  AvgPool1d: (golden) => new AvgPool1d(golden.layer["kernel_size"], poolOptions(golden)),
  AvgPool2d: (golden) => new AvgPool2d(golden.layer["kernel_size"], poolOptions(golden)),
  BatchNorm1d: (golden) => new BatchNorm1d(golden.layer["num_features"], normOptions(golden)),
  BatchNorm2d: (golden) => new BatchNorm2d(golden.layer["num_features"], normOptions(golden)),
  Conv1d: (golden) => {
    const { in_channels, out_channels } = golden.layer;
    return new Conv1d(in_channels, out_channels, convOptions(golden));
  },
  Conv2d: (golden) => {
    const { in_channels, out_channels } = golden.layer;
    return new Conv2d(in_channels, out_channels, convOptions(golden));
  },
  MaxPool1d: (golden) => new MaxPool1d(golden.layer["kernel_size"], poolOptions(golden)),
  MaxPool2d: (golden) => new MaxPool2d(golden.layer["kernel_size"], poolOptions(golden)),
  ThresholdDependentBatchNorm1d: (golden) =>
    new ThresholdDependentBatchNorm1d(golden.layer["num_features"], thresholdOptions(golden)),
  ThresholdDependentBatchNorm2d: (golden) =>
    new ThresholdDependentBatchNorm2d(golden.layer["num_features"], thresholdOptions(golden)),
};

for (const name of ["conv", "norm", "pool"]) {
  const file = readSafeTensors(`${FOLDER}/${name}.safetensors`);
  const cases: GoldenCase[] = JSON.parse(file.metadata["cases"]!);
  for (const golden of cases) {
    Deno.test(`${golden.layer.type} equals PyTorch: ${golden.name}`, async () => {
      const gpu = await sharedGpu();
      await checkGoldenLayer(gpu, file, golden, MAKE[golden.layer.type]!(golden));
    });
  }
}
