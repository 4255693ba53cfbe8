/** What the function `formatter` of {@linkcode ProgressBarOptions} is given. */
export interface ProgressBarFormatter {
  /** The time since the start as `mm:ss`. */
  styledTime: string;
  /** The bar without brackets, such as `###-------`. */
  progressBar: string;
  /** The time since the start in milliseconds. */
  time: number;
  /** The `time` of the line before, 0 at first. */
  previousTime: number;
  /** The current value. */
  value: number;
  /** The `value` of the line before, the initial value at first. */
  previousValue: number;
  /** The value at which the bar is full. */
  max: number;
}

/** Options of {@linkcode ProgressBar}. */
export interface ProgressBarOptions {
  /**
   * The stream the bar is written to, locked until the bar stops.
   *
   * @default {Deno.stderr.writable}
   */
  writable?: WritableStream<Uint8Array>;
  /**
   * The initial value.
   *
   * @default {0}
   */
  value?: number;
  /** The value at which the bar is full. */
  max: number;
  /**
   * The number of characters of the bar.
   *
   * @default {50}
   */
  barLength?: number;
  /**
   * The character of the bar's full part.
   *
   * @default {"#"}
   */
  fillChar?: string;
  /**
   * The character of the bar's empty part.
   *
   * @default {"-"}
   */
  emptyChar?: string;
  /**
   * Whether the line is removed when the bar stops.
   *
   * @default {false}
   */
  clear?: boolean;
  /**
   * Makes the line. By default it is `[mm:ss] [###-------] [0.24/97.66 KiB]`,
   * value and max being counts of bytes.
   */
  formatter?: (formatter: ProgressBarFormatter) => string;
  /**
   * Whether `writable` stays open when the bar stops.
   *
   * @default {true}
   */
  keepOpen?: boolean;
}

const CLEAR_LINE = "\r\x1b[K";
const REFRESH_MILLISECONDS = 1000;
const BYTE_UNITS = ["KiB", "MiB", "GiB", "TiB", "PiB"];

function formatBytes(value: number, max: number): string {
  let [power, unit] = [1, "KiB"];
  for (const [index, larger] of BYTE_UNITS.entries()) {
    if (max >= 1024 ** (index + 1)) [power, unit] = [index + 1, larger];
  }
  const scaled = (bytes: number) => (bytes / 1024 ** power).toFixed(2);
  return `${scaled(value)}/${scaled(max)} ${unit}`;
}

function formatTime(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return [Math.floor(seconds / 60), seconds % 60]
    .map((part) => String(part).padStart(2, "0")).join(":");
}

function defaultFormatter(line: ProgressBarFormatter): string {
  const bytes = formatBytes(line.value, line.max);
  return `[${line.styledTime}] [${line.progressBar}] [${bytes}]`;
}

/**
 * A progress bar on one line of a terminal, rewritten once a second and when it
 * stops.
 *
 * @example
 * ```ts
 * import { ProgressBar } from "@std/cli/unstable-progress-bar";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const { readable, writable } = new TransformStream<Uint8Array>();
 * const written = new Response(readable).text();
 * const bar = new ProgressBar({
 *   writable,
 *   max: 4,
 *   barLength: 8,
 *   keepOpen: false,
 *   formatter: ({ progressBar, value, max }) =>
 *     `[${progressBar}] step ${value}/${max}`,
 * });
 * bar.value += 3;
 * await bar.stop();
 * assertStringIncludes(await written, "[######--] step 3/4");
 * ```
 */
export class ProgressBar {
  /** The current value. The bar shows it when it is next rewritten. */
  value: number;
  /** The value at which the bar is full. */
  max: number;

  readonly #barLength: number;
  readonly #fillChar: string;
  readonly #emptyChar: string;
  readonly #clear: boolean;
  readonly #formatter: (formatter: ProgressBarFormatter) => string;
  readonly #keepOpen: boolean;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #encoder = new TextEncoder();
  readonly #startTime = Date.now();
  readonly #timer: ReturnType<typeof setInterval>;
  #previousTime = 0;
  #previousValue: number;

  /**
   * Starts a progress bar and writes its first line.
   *
   * @param options Where it is written, its extent and its looks.
   */
  constructor(options: ProgressBarOptions) {
    this.value = options.value ?? 0;
    this.max = options.max;
    this.#barLength = options.barLength ?? 50;
    this.#fillChar = options.fillChar ?? "#";
    this.#emptyChar = options.emptyChar ?? "-";
    this.#clear = options.clear ?? false;
    this.#formatter = options.formatter ?? defaultFormatter;
    this.#keepOpen = options.keepOpen ?? true;
    this.#previousValue = this.value;
    this.#writer = (options.writable ?? Deno.stderr.writable).getWriter();
    this.#timer = setInterval(() => this.#print(), REFRESH_MILLISECONDS);
    // A reader that has gone away must not bring the program down.
    this.#writer.closed.catch(() => clearInterval(this.#timer));
    this.#print();
  }

  /**
   * Writes the last line, or removes it where `clear` is set, and lets go of the
   * stream.
   *
   * @returns A promise that resolves when everything is written.
   */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#clear) {
      await this.#write(CLEAR_LINE);
    } else {
      await this.#print();
      await this.#write("\n");
    }
    if (this.#keepOpen) this.#writer.releaseLock();
    else await this.#writer.close().catch(() => {});
  }

  #print(): Promise<void> {
    const line = this.#line();
    this.#previousTime = line.time;
    this.#previousValue = line.value;
    return this.#write(CLEAR_LINE + this.#formatter(line));
  }

  #line(): ProgressBarFormatter {
    const time = Date.now() - this.#startTime;
    const ratio = Math.min(Math.max(this.value / this.max, 0), 1);
    const filled = Math.trunc(ratio * this.#barLength);
    return {
      styledTime: formatTime(time),
      progressBar: this.#fillChar.repeat(filled) +
        this.#emptyChar.repeat(this.#barLength - filled),
      time,
      previousTime: this.#previousTime,
      value: this.value,
      previousValue: this.#previousValue,
      max: this.max,
    };
  }

  async #write(text: string): Promise<void> {
    try {
      await this.#writer.write(this.#encoder.encode(text));
    } catch {
      // What cannot be shown is not worth an error: the work goes on.
    }
  }
}
