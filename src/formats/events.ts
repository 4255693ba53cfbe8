import { type DecodeOptions, flawOf } from "./decode_options.ts";
import { type EventMessage, loadEventType, type ValueMessage } from "./event_messages.ts";
import { readRecords, writeRecords } from "./event_records.ts";
import type { Histogram } from "./histogram.ts";

/** What all events have. */
export interface EventBase {
  /** The name of the curve, histogram or text, such as "train/loss"; slashes make groups. */
  readonly tag: string;
  /** The step of the training, an integer. */
  readonly step: number;
  /** When it was, in seconds since 1970. */
  readonly wallTime: number;
}

/** A point of a curve. */
export interface ScalarEvent extends EventBase {
  /** What kind of event this is. */
  readonly kind: "scalar";
  /** The value, which the file holds as float32. */
  readonly value: number;
}

/** How values were distributed at a step. */
export interface HistogramEvent extends EventBase {
  /** What kind of event this is. */
  readonly kind: "histogram";
  /** The distribution, which `histogramOf` makes of values. */
  readonly histogram: Histogram;
}

/** A text. */
export interface TextEvent extends EventBase {
  /** What kind of event this is. */
  readonly kind: "text";
  /** The text, in Markdown. */
  readonly text: string;
}

/** What TensorBoard's event files hold, as far as it is supported. */
export type SummaryEvent = ScalarEvent | HistogramEvent | TextEvent;

/** The version of the format, which the first record of a file tells. */
const FILE_VERSION = "brain.Event:2";

/** The name of TensorBoard's part that shows texts. */
const TEXT_PLUGIN = "text";

/** `DATA_CLASS_TENSOR` of `summary.proto`. */
const TENSOR_CLASS = 2;

/** `DT_STRING` of `types.proto`. */
const STRING_TYPE = 7;

/**
 * Encodes events as an event file of TensorBoard, which shows it if its name has `tfevents` in it.
 *
 * The bytes of a later call may be appended to the file.
 *
 * @param events The events, in the order of their steps.
 * @returns The file's bytes.
 * @throws {RangeError} If a step isn't an integer.
 *
 * @example
 * ```ts
 * import { decodeEvents, encodeEvents, type SummaryEvent } from "@galvani/snn/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const wallTime = 1_700_000_000;
 * const events: SummaryEvent[] = [
 *   { kind: "text", tag: "options", step: 0, wallTime, text: "`tau` is **2**" },
 *   { kind: "scalar", tag: "train/loss", step: 1, wallTime, value: 0.5 },
 * ];
 * const bytes = await encodeEvents(events);
 * assertEquals(await decodeEvents(bytes), events);
 * ```
 */
export async function encodeEvents(
  events: readonly SummaryEvent[],
): Promise<Uint8Array<ArrayBuffer>> {
  const type = await loadEventType();
  const encode = (message: EventMessage) => type.encode(message).finish();
  const version = encode({ wallTime: events[0]?.wallTime ?? 0, fileVersion: FILE_VERSION });
  const records = events.map((event) => {
    const { tag, step, wallTime } = event;
    if (!Number.isSafeInteger(step)) {
      throw new RangeError(`Cannot encode "${tag}" as the step must be an integer: it is ${step}`);
    }
    return encode({ wallTime, step, summary: { value: [valueOf(event)] } });
  });
  return await writeRecords([version, ...records]);
}

/**
 * Decodes an event file of TensorBoard.
 *
 * @param bytes The file's bytes.
 * @param options What to call the file.
 * @returns Its scalars, histograms and texts, as `encodeEvents` writes them; other events are left
 * out.
 * @throws {FormatError} If the file is damaged.
 *
 * @example
 * ```ts
 * import { decodeEvents, FormatError } from "@galvani/snn/formats";
 * import { assertRejects } from "@std/assert";
 *
 * await assertRejects(() => decodeEvents(new Uint8Array(3), { name: "tfevents.1" }), FormatError);
 * ```
 */
export async function decodeEvents(
  bytes: Uint8Array,
  options: DecodeOptions = {},
): Promise<SummaryEvent[]> {
  const flaw = flawOf("events", options);
  const type = await loadEventType();
  const records = await readRecords(bytes, flaw);
  const messages = records.map(({ offset, data }) => {
    try {
      const message: EventMessage = type.toObject(type.decode(data), { longs: Number });
      return { offset, message };
    } catch (cause) {
      throw flaw("a record isn't an event", offset, cause);
    }
  });
  if (messages[0]?.message.fileVersion !== FILE_VERSION) {
    throw flaw(`its first record doesn't tell the version ${FILE_VERSION}`, 0);
  }
  return messages.flatMap(({ offset, message: { wallTime = 0, step = 0, summary } }) =>
    summary?.value?.flatMap((value) => {
      try {
        return eventOf(value, { tag: value.tag ?? "", step, wallTime });
      } catch (cause) {
        throw flaw("a text isn't UTF-8", offset, cause);
      }
    }) ?? []
  );
}

/** An event's value, as the file holds it. */
function valueOf(event: SummaryEvent): ValueMessage {
  const { tag } = event;
  if (event.kind === "scalar") return { tag, simpleValue: event.value };
  if (event.kind === "text") {
    return {
      tag,
      metadata: { pluginData: { pluginName: TEXT_PLUGIN }, dataClass: TENSOR_CLASS },
      tensor: {
        dtype: STRING_TYPE,
        tensorShape: {},
        stringVal: [new TextEncoder().encode(event.text)],
      },
    };
  }
  const { min, max, count, sum, sumOfSquares, bucketLimits, buckets } = event.histogram;
  const histo = { min, max, num: count, sum, sumSquares: sumOfSquares };
  return { tag, histo: { ...histo, bucketLimit: bucketLimits, bucket: buckets } };
}

/** The event of a value; none if the value is of another kind. */
function eventOf(value: ValueMessage, base: EventBase): SummaryEvent[] {
  const { simpleValue, histo, tensor, metadata } = value;
  if (simpleValue !== undefined) return [{ kind: "scalar", ...base, value: simpleValue }];
  if (histo) {
    const { min = 0, max = 0, num = 0, sum = 0, sumSquares = 0 } = histo;
    const { bucketLimit = [], bucket = [] } = histo;
    const moments = { min, max, count: num, sum, sumOfSquares: sumSquares };
    const histogram = { ...moments, bucketLimits: bucketLimit, buckets: bucket };
    return [{ kind: "histogram", ...base, histogram }];
  }
  const [text] = tensor?.stringVal ?? [];
  if (text && metadata?.pluginData?.pluginName === TEXT_PLUGIN) {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return [{ kind: "text", ...base, text: decoder.decode(text) }];
  }
  return [];
}
