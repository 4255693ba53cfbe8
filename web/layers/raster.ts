import { prepareCanvas } from "../pixels.ts";

/**
 * Draws who fired when: a row for each neuron, a column for each time step.
 *
 * @param canvas Where.
 * @param spikes 1 for each spike, `[T][neurons]`.
 * @param neurons How many neurons there are.
 */
export function drawRaster(canvas: HTMLCanvasElement, spikes: Uint8Array, neurons: number): void {
  const prepared = prepareCanvas(canvas);
  if (!prepared) return;
  const { context, width, height } = prepared;
  const [column, row] = [width / (spikes.length / neurons), height / neurons];
  context.fillStyle = getComputedStyle(canvas).color;
  for (const [i, spike] of spikes.entries()) {
    if (spike === 0) continue;
    const [x, y] = [Math.floor(i / neurons) * column, i % neurons * row];
    context.fillRect(x + 0.15 * column, y, 0.7 * column, Math.max(1, 0.8 * row));
  }
}
