/**
 * Convolutions in float64, in the plainest way: a loop for each sum.
 *
 * @module
 */

/** A convolution of pictures; one of lines has pictures of one row. */
export interface ConvolutionCase {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly size: readonly [number, number];
  readonly kernelSize: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number] | "same" | "valid";
  readonly dilation: readonly [number, number];
  readonly groups: number;
  readonly bias: boolean;
}

/** What it computes, `[rows]` of pictures each. */
export interface ConvolutionResult {
  readonly outputSize: [number, number];
  readonly output: Float64Array;
  readonly inputGradient: Float64Array;
  readonly weightGradient: Float64Array;
  readonly biasGradient: Float64Array;
}

/** Zeros above or left, and how many outputs there are, along a direction. */
function along(shape: ConvolutionCase, i: 0 | 1): { zeros: number; count: number } {
  const { padding, stride, dilation, kernelSize, size } = shape;
  const reach = dilation[i] * (kernelSize[i] - 1);
  if (padding === "same") return { zeros: Math.floor(reach / 2), count: size[i] };
  const zeros = padding === "valid" ? 0 : padding[i];
  return { zeros, count: Math.floor((size[i] + 2 * zeros - reach - 1) / stride[i]) + 1 };
}

/**
 * A convolution and its gradients.
 *
 * @param shape The convolution.
 * @param x Pictures, `[rows][inChannels][height][width]`.
 * @param weight `[outChannels][inChannels / groups][kernel height][kernel width]`.
 * @param bias `[outChannels]`.
 * @param gradientOf The gradient of the output, `[rows][outChannels][out height][out width]`, of so many.
 * @returns What it computes.
 */
export function convolve(
  shape: ConvolutionCase,
  x: Float64Array,
  weight: Float64Array,
  bias: Float64Array,
  gradientOf: (length: number) => Float64Array,
): ConvolutionResult & { gradient: Float64Array } {
  const { inChannels, outChannels, size: [height, width], kernelSize, groups } = shape;
  const [down, across] = [along(shape, 0), along(shape, 1)];
  const rows = x.length / (inChannels * height * width);
  const channels = inChannels / groups;
  const output = new Float64Array(rows * outChannels * down.count * across.count);
  const gradient = gradientOf(output.length);
  const inputGradient = new Float64Array(x.length);
  const weightGradient = new Float64Array(weight.length);
  const biasGradient = new Float64Array(outChannels);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (let o = 0; o < outChannels; o++) {
      const first = Math.floor(o / (outChannels / groups)) * channels;
      for (let oy = 0; oy < down.count; oy++) {
        for (let ox = 0; ox < across.count; ox++, at++) {
          const g = gradient[at]!;
          let sum = shape.bias ? bias[o]! : 0;
          biasGradient[o]! += g;
          for (let c = 0; c < channels; c++) {
            for (let ky = 0; ky < kernelSize[0]; ky++) {
              const y = oy * shape.stride[0] - down.zeros + ky * shape.dilation[0];
              if (y < 0 || y >= height) continue;
              for (let kx = 0; kx < kernelSize[1]; kx++) {
                const px = ox * shape.stride[1] - across.zeros + kx * shape.dilation[1];
                if (px < 0 || px >= width) continue;
                const i = ((row * inChannels + first + c) * height + y) * width + px;
                const k = ((o * channels + c) * kernelSize[0] + ky) * kernelSize[1] + kx;
                sum += x[i]! * weight[k]!;
                inputGradient[i]! += weight[k]! * g;
                weightGradient[k]! += x[i]! * g;
              }
            }
          }
          output[at] = sum;
        }
      }
    }
  }
  const outputSize: [number, number] = [down.count, across.count];
  return { outputSize, output, gradient, inputGradient, weightGradient, biasGradient };
}
