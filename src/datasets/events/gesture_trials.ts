import { type DecodeOptions, flawOf } from "../../formats/decode_options.ts";

/** Where a gesture lies in a recording. */
export interface GestureTrial {
  /** Its class, from 0. */
  readonly label: number;
  /** When it starts, in microseconds of the recording's clock. */
  readonly start: number;
  /** When it has ended: the first microsecond after it. */
  readonly end: number;
}

const COLUMNS = "class,startTime_usec,endTime_usec";
const CLASSES = 11;

/**
 * Reads where the gestures of a recording of DVS128 Gesture lie, `_labels.csv`. A class may come more than
 * once, and trials may overlap.
 *
 * @param text The file's text.
 * @param options The file's name.
 * @returns The trials, in the file's order; classes 1 to 11 are 0 to 10.
 * @throws {FormatError} If a line has another form, a class is out of range, or a trial ends before it
 * starts.
 *
 * @example
 * ```ts
 * import { parseGestureTrials } from "@galvani/snn/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const trials = parseGestureTrials("class,startTime_usec,endTime_usec\n1,1000,2500\n");
 * assertEquals(trials, [{ label: 0, start: 1000, end: 2500 }]);
 * ```
 */
export function parseGestureTrials(text: string, options: DecodeOptions = {}): GestureTrial[] {
  const flaw = flawOf("a table of gestures", options);
  const trials: GestureTrial[] = [];
  // What is ASCII has a byte a letter; anything else is refused at its line.
  let at = 0;
  text.split("\n").forEach((whole, i) => {
    const line = whole.replace(/\r$/, "");
    const start = at;
    at += whole.length + 1;
    if (i === 0) {
      if (line.trim() !== COLUMNS) throw flaw(`its first line isn't ${COLUMNS}`, 0);
      return;
    }
    if (line === "") return;
    const fields = line.split(",");
    if (fields.length !== 3 || !fields.every((field) => /^\d{1,15}$/.test(field))) {
      throw flaw(`line ${i + 1} isn't three numbers`, start);
    }
    const [label, from, to] = fields.map(Number) as [number, number, number];
    if (label < 1 || label > CLASSES) {
      throw flaw(`line ${i + 1} has the class ${label}: there are 1 to ${CLASSES}`, start);
    }
    if (to < from) throw flaw(`line ${i + 1} has a trial that ends before it starts`, start);
    trials.push({ label: label - 1, start: from, end: to });
  });
  return trials;
}
