import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Milliseconds after which a process that hangs is killed, so that its test fails and others run. */
export const TIME_LIMIT = 600_000;

/** How a process ended, and all it wrote. */
export interface Outcome {
  readonly code: number;
  readonly signal: Deno.Signal | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How {@linkcode CliProcess} runs the command line. */
export interface CliProcessOptions {
  /**
   * Flags of `deno run`.
   *
   * @default {["-A"]}
   */
  readonly flags?: readonly string[];
  /**
   * The folder to be in.
   *
   * @default {The project's}
   */
  readonly cwd?: string;
  /** Variables of the environment that differ. */
  readonly env?: Record<string, string>;
}

/** The command line as a process that can be watched and killed. */
export class CliProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #end: Promise<Outcome>;
  #output = "";
  #changed = Promise.withResolvers<void>();
  #ended = false;

  /** Starts `cli.ts` with arguments. */
  constructor(
    args: readonly string[],
    { flags = ["-A"], cwd = ROOT, env = {} }: CliProcessOptions = {},
  ) {
    const config = join(ROOT, "deno.json");
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--config", config, ...flags, join(ROOT, "cli.ts"), ...args],
      cwd,
      env: { NO_COLOR: "1", ...env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const timer = setTimeout(() => this.kill("SIGKILL"), TIME_LIMIT);
    this.#end = this.#run().finally(() => clearTimeout(timer));
  }

  async #run(): Promise<Outcome> {
    const [stdout, stderr] = await Promise.all([
      this.#read(this.#child.stdout),
      this.#read(this.#child.stderr),
    ]);
    const { code, signal } = await this.#child.status;
    this.#ended = true;
    this.#changed.resolve();
    return { code, signal, stdout, stderr };
  }

  async #read(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
    let all = "";
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      all += text;
      this.#output += text;
      this.#changed.resolve();
      this.#changed = Promise.withResolvers();
    }
    return all;
  }

  /** Waits until the output has so many matches of a pattern, or the process has ended. */
  async seen(pattern: RegExp, times = 1): Promise<void> {
    while (!this.#ended && [...this.#output.matchAll(pattern)].length < times) {
      await this.#changed.promise;
    }
  }

  /** Sends a signal, unless the process has ended. */
  kill(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch (error) {
      // It has ended just now.
      if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  /** Waits for the end. */
  outcome(): Promise<Outcome> {
    return this.#end;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended) this.kill("SIGKILL");
    await this.#end;
  }
}

/** Runs the command line to its end in a process of its own. */
export async function runCliProcess(
  args: readonly string[],
  options?: CliProcessOptions,
): Promise<Outcome> {
  return await new CliProcess(args, options).outcome();
}
