/**
 * Pools in float64, in the plainest way: a loop for each window.
 *
 * @module
 */

/** A pool over pictures; one over lines has pictures of one row. */
export interface PoolCase {
  readonly gives: "largest" | "sum" | "mean";
  readonly size: readonly [number, number];
  readonly kernelSize: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly ceilMode: boolean;
  readonly countIncludePad: boolean;
}

/** How many windows there are along a direction, as PyTorch counts them. */
function windowsAlong({ size, kernelSize, stride, padding, ceilMode }: PoolCase, i: 0 | 1): number {
  let windows = 0;
  for (let first = -padding[i];; first += stride[i]) {
    const fits = first + kernelSize[i] <= size[i] + padding[i];
    // Rounded up, one more window may begin on the picture or the padding before it, and reach beyond.
    const reaches = ceilMode && first < size[i] &&
      first - stride[i] + kernelSize[i] < size[i] + padding[i];
    if (!fits && !reaches) return windows;
    windows++;
  }
}

/**
 * A pool and its gradient.
 *
 * @param pool The pool.
 * @param x Pictures, `[planes][height][width]`.
 * @param gradientOf The gradient of the output, `[planes][windows]`, of so many.
 * @returns What it computes.
 */
export function runPool(
  pool: PoolCase,
  x: readonly number[],
  gradientOf: (length: number) => number[],
): {
  windows: [number, number];
  output: number[];
  gradient: number[];
  inputGradient: number[];
} {
  const { gives, size: [height, width], kernelSize, stride, padding, countIncludePad } = pool;
  const windows: [number, number] = [windowsAlong(pool, 0), windowsAlong(pool, 1)];
  const planes = x.length / (height * width);
  const gradient = gradientOf(planes * windows[0] * windows[1]);
  const inputGradient = new Array<number>(x.length).fill(0);
  const output: number[] = [];
  for (let plane = 0; plane < planes; plane++) {
    for (let oy = 0; oy < windows[0]; oy++) {
      for (let ox = 0; ox < windows[1]; ox++) {
        const g = gradient[output.length]!;
        const inside: number[] = [];
        let counted = 0;
        for (let ky = 0; ky < kernelSize[0]; ky++) {
          for (let kx = 0; kx < kernelSize[1]; kx++) {
            const y = oy * stride[0] - padding[0] + ky;
            const px = ox * stride[1] - padding[1] + kx;
            if (y < height + padding[0] && px < width + padding[1]) counted++;
            if (y < 0 || y >= height || px < 0 || px >= width) continue;
            inside.push((plane * height + y) * width + px);
          }
        }
        const values = inside.map((at) => x[at]!);
        const divisor = gives !== "mean" ? 1 : countIncludePad ? counted : inside.length;
        if (gives === "largest") {
          const largest = Math.max(...values);
          output.push(largest);
          inputGradient[inside[values.indexOf(largest)]!]! += g;
        } else {
          output.push(values.reduce((sum, value) => sum + value, 0) / divisor);
          for (const at of inside) inputGradient[at]! += g / divisor;
        }
      }
    }
  }
  return { windows, output, gradient, inputGradient };
}
