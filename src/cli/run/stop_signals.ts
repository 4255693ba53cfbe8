/**
 * Signals that ask a process to end, and their numbers; Windows has the first alone. Slurm sends the last
 * before a job's time is over, if it is asked to (`--signal=USR2@120`); SIGUSR1 is Deno's own.
 */
const SIGNALS = {
  SIGINT: 2,
  SIGTERM: 15,
  SIGHUP: 1,
  SIGUSR2: Deno.build.os === "darwin" ? 31 : 12,
} as const;

/** Listens to what asks the process to end: Ctrl-C, a job scheduler, a terminal that was closed. */
export class StopSignals implements Disposable {
  readonly #stop = new AbortController();
  readonly #listeners = new Map<Deno.Signal, () => void>();
  #exitCode: number | undefined;

  /** Listens from now on. */
  constructor() {
    const names = Object.keys(SIGNALS) as (keyof typeof SIGNALS)[];
    for (const name of Deno.build.os === "windows" ? names.slice(0, 1) : names) {
      const listener = () => this.#take(name);
      Deno.addSignalListener(name, listener);
      this.#listeners.set(name, listener);
    }
  }

  #take(name: keyof typeof SIGNALS): void {
    const code = 128 + SIGNALS[name];
    // Who asks twice doesn't want to wait for the steps that are on their way. Programs send the other
    // signals twice, to the process and to its group.
    if (this.#exitCode !== undefined && name === "SIGINT") Deno.exit(code);
    this.#exitCode ??= code;
    this.#stop.abort();
  }

  /** Is aborted by the first of them. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** What a shell expects of a process that ended by the first: 128 and the signal's number. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  /** Leaves the signals to the system again. */
  [Symbol.dispose](): void {
    for (const [name, listener] of this.#listeners) Deno.removeSignalListener(name, listener);
  }
}
