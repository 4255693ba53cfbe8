/** Signals that ask a process to end, and their numbers. */
const NUMBERS: Readonly<Partial<Record<Deno.Signal, number>>> = Deno.build.os === "windows"
  ? { SIGINT: 2, SIGBREAK: 21 }
  : { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };

/**
 * A request to end: Ctrl-C, or the end of a container, a time limit, a scheduler or a terminal. Until it
 * is disposed of, the first one is only noted, and a second one ends the process at once.
 */
export class Interruption implements Disposable {
  readonly #controller = new AbortController();
  readonly #listeners: [signal: Deno.Signal, listener: () => void][] = [];
  #exitCode: number | undefined;

  /** Waits for requests. */
  constructor() {
    for (const [name, number] of Object.entries(NUMBERS)) {
      const signal = name as Deno.Signal;
      if (signal === "SIGHUP" && ignoresHangup()) continue;
      const listener = () => this.#take(128 + number);
      Deno.addSignalListener(signal, listener);
      this.#listeners.push([signal, listener]);
    }
  }

  #take(exitCode: number): void {
    // Who asks twice doesn't want to wait for the steps that are on their way.
    if (this.#exitCode !== undefined) Deno.exit(exitCode);
    this.#exitCode = exitCode;
    this.#controller.abort();
  }

  /** Is aborted by the first request. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What a process exits with that such a request ended: 128 and the signal's number; nothing without one. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  /** Leaves requests to the system again. */
  [Symbol.dispose](): void {
    for (const [signal, listener] of this.#listeners) Deno.removeSignalListener(signal, listener);
  }
}

/** The file with what a process on Linux ignores. */
const STATUS = "/proc/self/status";

/**
 * Whether the process was started to outlive its terminal, as by nohup; a listener would end that. Only
 * Linux tells, and only where the program may read it.
 */
function ignoresHangup(): boolean {
  if (Deno.build.os !== "linux") return false;
  const { state } = Deno.permissions.querySync({ name: "read", path: STATUS });
  if (state !== "granted") return false;
  try {
    const mask = /^SigIgn:\s*([\da-f]+)$/m.exec(Deno.readTextFileSync(STATUS))?.[1];
    return mask !== undefined && (BigInt(`0x${mask}`) & 1n) === 1n;
  } catch {
    return false;
  }
}
