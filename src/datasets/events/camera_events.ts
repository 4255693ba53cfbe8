/** Events of a camera, a column for each of their parts. */
export interface CameraEvents {
  /** The column of each event's pixel, from the left. */
  readonly x: Uint16Array<ArrayBuffer>;
  /** The row of each event's pixel. */
  readonly y: Uint16Array<ArrayBuffer>;
  /** The time of each event in microseconds. */
  readonly t: Float64Array<ArrayBuffer>;
  /** Whether the pixel became brighter (1, ON) or darker (0, OFF). */
  readonly p: Uint8Array<ArrayBuffer>;
}

/** Columns of events in the making. */
export class EventColumns implements CameraEvents {
  readonly x: Uint16Array<ArrayBuffer>;
  readonly y: Uint16Array<ArrayBuffer>;
  readonly t: Float64Array<ArrayBuffer>;
  readonly p: Uint8Array<ArrayBuffer>;
  #length = 0;

  /**
   * Makes room.
   *
   * @param capacity Events at most.
   */
  constructor(capacity: number) {
    this.x = new Uint16Array(capacity);
    this.y = new Uint16Array(capacity);
    this.t = new Float64Array(capacity);
    this.p = new Uint8Array(capacity);
  }

  /** Events so far. */
  get length(): number {
    return this.#length;
  }

  /** Adds an event. */
  push(x: number, y: number, t: number, p: number): void {
    const i = this.#length++;
    this.x[i] = x;
    this.y[i] = y;
    this.t[i] = t;
    this.p[i] = p;
  }

  /** What is there so far: views. */
  events(): CameraEvents {
    return sliceEvents(this, 0, this.#length);
  }
}

/**
 * Some events in a row.
 *
 * @param events The events.
 * @param start The index of the first.
 * @param end The index after the last.
 * @returns Views of the same columns.
 *
 * @example
 * ```ts
 * import { readNmnist, collectEvents, sliceEvents } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const events = await collectEvents(readNmnist(new Uint8Array([3, 4, 128, 0, 7, 5, 6, 0, 0, 9])));
 * assertEquals([...sliceEvents(events, 1, 2).x], [5]);
 * ```
 */
export function sliceEvents(events: CameraEvents, start: number, end: number): CameraEvents {
  const { x, y, t, p } = events;
  return {
    x: x.subarray(start, end),
    y: y.subarray(start, end),
    t: t.subarray(start, end),
    p: p.subarray(start, end),
  };
}

/**
 * All events of a file that is read in parts, in one.
 *
 * @param parts The parts, as {@linkcode readNmnist} and the others give them.
 * @returns The events of all parts, copied.
 *
 * @example
 * ```ts
 * import { collectEvents, readNmnist } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const file = new Uint8Array([3, 4, 0x80, 0, 7]); // x 3, y 4, ON at 7 microseconds
 * const { x, y, t, p } = await collectEvents(readNmnist(file));
 * assertEquals([x[0], y[0], t[0], p[0]], [3, 4, 7, 1]);
 * ```
 */
export async function collectEvents(parts: AsyncIterable<CameraEvents>): Promise<CameraEvents> {
  const all: CameraEvents[] = [];
  for await (const part of parts) all.push(part);
  const columns = new EventColumns(all.reduce((sum, { t }) => sum + t.length, 0));
  let at = 0;
  for (const { x, y, t, p } of all) {
    columns.x.set(x, at);
    columns.y.set(y, at);
    columns.t.set(t, at);
    columns.p.set(p, at);
    at += t.length;
  }
  return columns;
}
