import { type Answer, CLASSES } from "./messages.ts";
import { prepareCanvas } from "./pixels.ts";

/** The lowest potential that is drawn: what lies below is cut. */
const LOWEST = -1.5;
/** The threshold. */
const THRESHOLD = 1;
/** The share of the height that spikes take, above the potential. */
const SPIKES = 0.3;

/**
 * Draws the potential and the spikes of a neuron over time.
 *
 * @param canvas Where.
 * @param neuron Which neuron.
 * @param answer What all of them did; nothing draws the axes alone.
 */
export function drawTrace(
  canvas: HTMLCanvasElement,
  neuron: number,
  answer: Answer | undefined,
): void {
  const prepared = prepareCanvas(canvas);
  if (!prepared) return;
  const { context, width, height } = prepared;
  const style = getComputedStyle(canvas);
  const top = SPIKES * height;
  const yOf = (v: number) =>
    top + (THRESHOLD - Math.max(LOWEST, v)) / (THRESHOLD - LOWEST) * (height - top - 1);

  context.lineWidth = 1;
  context.strokeStyle = style.getPropertyValue("--line");
  drawLine(context, width, yOf(0));
  context.setLineDash([3, 3]);
  context.strokeStyle = style.getPropertyValue("--faint");
  drawLine(context, width, yOf(THRESHOLD));
  context.setLineDash([]);
  if (!answer) return;

  const { potentials, spikes } = answer;
  const timeSteps = spikes.length / CLASSES;
  const xOf = (t: number) => (t + 0.5) / timeSteps * width;
  context.strokeStyle = context.fillStyle = style.color;
  context.lineJoin = "round";
  context.lineWidth = 1.25;
  context.beginPath();
  for (let t = 0; t < timeSteps; t++) {
    const fires = spikes[t * CLASSES + neuron] === 1;
    // The potential that was recorded is that after the reset: it had reached the threshold.
    if (fires) context.lineTo(xOf(t), yOf(THRESHOLD));
    context.lineTo(xOf(t), yOf(potentials[t * CLASSES + neuron]!));
  }
  context.stroke();
  const breadth = Math.max(1, Math.min(3, 0.5 * width / timeSteps));
  for (let t = 0; t < timeSteps; t++) {
    if (spikes[t * CLASSES + neuron] !== 1) continue;
    context.fillRect(xOf(t) - breadth / 2, 1, breadth, top - 5);
  }
}

function drawLine(context: CanvasRenderingContext2D, width: number, y: number): void {
  context.beginPath();
  context.moveTo(0, Math.round(y) + 0.5);
  context.lineTo(width, Math.round(y) + 0.5);
  context.stroke();
}
