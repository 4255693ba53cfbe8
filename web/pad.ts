import type { Point, Stroke } from "./digit.ts";
import { greyImage, prepareCanvas } from "./pixels.ts";

/** How far an arrow key moves the pen, with shift and without. */
const STEP = 0.04;
const LARGE_STEP = 0.12;
/** The pen keeps away from the edges. */
const EDGE = 0.06;
/** The pen's width, of the pad's. */
const PEN = 0.085;

const MOVES: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Where a visitor draws: with a mouse, a finger, a stylus, or the keyboard. */
export class Pad {
  readonly #canvas: HTMLCanvasElement;
  readonly #onChange: () => void;
  #strokes: Point[][] = [];
  /** A picture that is shown instead of strokes. */
  #picture: HTMLCanvasElement | undefined;
  /** Which pointer draws. */
  #pointer: number | undefined;
  /** The keyboard's pen, once it was used. */
  #pen: { x: number; y: number; isDown: boolean } | undefined;

  /**
   * @param canvas Where to draw.
   * @param onChange Is called when the visitor has drawn, or cleared it.
   */
  constructor(canvas: HTMLCanvasElement, onChange: () => void) {
    this.#canvas = canvas;
    this.#onChange = onChange;
    new ResizeObserver(() => this.draw()).observe(canvas);
    canvas.addEventListener("pointerdown", (event) => this.#putDown(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const kind of ["pointerup", "pointercancel"] as const) {
      canvas.addEventListener(kind, (event) => this.#lift(event));
    }
    canvas.addEventListener("keydown", (event) => this.#press(event));
    canvas.addEventListener("focus", () => this.draw());
    canvas.addEventListener("blur", () => {
      if (this.#pen) this.#pen.isDown = false;
      this.draw();
    });
  }

  /** What was drawn. */
  get strokes(): readonly Stroke[] {
    return this.#strokes;
  }

  /** Whether there is neither a stroke nor a picture. */
  get isEmpty(): boolean {
    return this.#strokes.length === 0 && !this.#picture;
  }

  /** Takes away what is there. */
  clear(): void {
    this.#strokes = [];
    this.#picture = undefined;
    this.#pen = undefined;
    this.#changed();
  }

  /**
   * Shows a picture instead of strokes; who draws begins anew.
   *
   * @param pixels Grey values, `[28][28]`.
   */
  show(pixels: Uint8Array): void {
    this.#strokes = [];
    this.#pen = undefined;
    this.#picture = greyImage(pixels);
    this.draw();
  }

  /** Draws the pad again, as in other colours. */
  draw(): void {
    const prepared = prepareCanvas(this.#canvas);
    if (!prepared) return;
    const { context, width: size } = prepared;
    const style = getComputedStyle(this.#canvas);
    if (this.#picture) {
      // The picture is a mask of the ink: white where it is drawn.
      context.drawImage(this.#picture, 0, 0, size, size);
      context.globalCompositeOperation = "source-in";
      context.fillStyle = style.color;
      context.fillRect(0, 0, size, size);
      context.globalCompositeOperation = "source-over";
    }
    context.strokeStyle = style.color;
    context.lineWidth = PEN * size;
    context.lineCap = context.lineJoin = "round";
    for (const stroke of this.#strokes) {
      context.beginPath();
      // A line of no length has round ends, too.
      context.moveTo(stroke[0]!.x * size, stroke[0]!.y * size);
      for (const { x, y } of stroke) context.lineTo(x * size, y * size);
      context.stroke();
    }
    if (this.#pen && document.activeElement === this.#canvas) this.#drawPen(context, size);
  }

  /** Shows where the keyboard's pen is: filled where it draws. */
  #drawPen(context: CanvasRenderingContext2D, size: number): void {
    const { x, y, isDown } = this.#pen!;
    context.beginPath();
    context.arc(x * size, y * size, PEN / 2 * size, 0, 2 * Math.PI);
    context.lineWidth = 2;
    context.strokeStyle = context.fillStyle = getComputedStyle(this.#canvas).outlineColor;
    if (isDown) context.fill();
    context.stroke();
  }

  #putDown(event: PointerEvent): void {
    if (this.#pointer !== undefined || event.button !== 0) return;
    this.#pointer = event.pointerId;
    this.#canvas.setPointerCapture(event.pointerId);
    this.#pen = undefined;
    this.#start(this.#pointOf(event));
  }

  #move(event: PointerEvent): void {
    if (event.pointerId !== this.#pointer) return;
    // Browsers report once a frame; a quick pen has been elsewhere meanwhile.
    const events = event.getCoalescedEvents?.() ?? [];
    const points = (events.length > 0 ? events : [event]).map((event) => this.#pointOf(event));
    this.#strokes.at(-1)?.push(...points);
    this.#changed();
  }

  #lift(event: PointerEvent): void {
    if (event.pointerId === this.#pointer) this.#pointer = undefined;
  }

  #press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const move = MOVES[event.key];
    if (move) this.#movePen(move, event.shiftKey ? LARGE_STEP : STEP);
    else if (event.key === " ") this.#turnPen();
    else if (event.key === "Delete" || event.key === "Backspace") this.clear();
    else return;
    event.preventDefault();
  }

  #movePen([x, y]: readonly [x: number, y: number], step: number): void {
    const pen = this.#pen ??= { x: 0.5, y: 0.5, isDown: false };
    const within = (value: number) => Math.min(1 - EDGE, Math.max(EDGE, value));
    pen.x = within(pen.x + x * step);
    pen.y = within(pen.y + y * step);
    if (!pen.isDown) return this.draw();
    this.#strokes.at(-1)?.push({ x: pen.x, y: pen.y });
    this.#changed();
  }

  /** Puts the keyboard's pen down, or lifts it. */
  #turnPen(): void {
    const pen = this.#pen ??= { x: 0.5, y: 0.5, isDown: false };
    pen.isDown = !pen.isDown;
    if (pen.isDown) this.#start({ x: pen.x, y: pen.y });
    else this.draw();
  }

  #start(point: Point): void {
    this.#picture = undefined;
    this.#strokes.push([point]);
    this.#changed();
  }

  #pointOf({ clientX, clientY }: PointerEvent): Point {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    return { x: (clientX - left) / width, y: (clientY - top) / height };
  }

  #changed(): void {
    this.draw();
    this.#onChange();
  }
}
