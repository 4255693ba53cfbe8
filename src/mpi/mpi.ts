import type { Collective } from "../core/collective.ts";
import { findLaunch } from "./launch.ts";
import { loadMpi, type MpiLibrary } from "./library.ts";

/** At least MPI_MAX_ERROR_STRING of any library. */
const ERROR_BYTES = 1 << 12;
/** How long the other processes wait for the first to say what all fail of, on a busy machine, too. */
const FIRST_MILLISECONDS = 1500;
/** How long a launcher has to read what was said: MPICH's, on a busy machine, else ends without it. */
const TOLD_MILLISECONDS = 250;

/** The processes that `mpirun`, `mpiexec` or `srun` started together. */
export class Mpi implements Collective {
  /** Which of the processes this is, from 0. */
  readonly rank: number;
  /** How many there are. */
  readonly size: number;
  /** How many of them are on this machine. */
  readonly localSize: number;
  /** The library, as it calls itself. */
  readonly version: string;
  readonly #library: MpiLibrary;
  readonly #inPlace: Deno.PointerValue;

  private constructor(library: MpiLibrary) {
    const { abi, symbols, handles, version } = library;
    this.#library = library;
    this.version = version;
    this.#inPlace = Deno.UnsafePointer.create(abi.inPlace);
    const out = new Int32Array(1);
    this.#check("MPI_Init_thread", symbols.MPI_Init_thread(null, null, abi.serialized, out));
    symbols.MPI_Comm_set_errhandler(handles.world, handles.errorsReturn);
    this.#check("MPI_Comm_rank", symbols.MPI_Comm_rank(handles.world, out));
    this.rank = out[0]!;
    this.#check("MPI_Comm_size", symbols.MPI_Comm_size(handles.world, out));
    this.size = out[0]!;
    const machine = new BigUint64Array(1);
    const { sharedMemory, handle } = abi;
    this.#check(
      "MPI_Comm_split_type",
      symbols.MPI_Comm_split_type(handles.world, sharedMemory, 0, handles.noInfo, machine),
    );
    const own = Number(BigInt.asUintN(handle === "u32" ? 32 : 64, machine[0]!));
    this.#check("MPI_Comm_size", symbols.MPI_Comm_size(own, out));
    this.localSize = out[0]!;
    symbols.MPI_Comm_free(machine);
  }

  /**
   * Does what the processes do together, each of which calls this, once. If the work fails in one of them,
   * all end at once with the exit code 1, since they would wait for it: the error goes to standard error.
   *
   * The library is that of the launcher, by its name, or that in `GALVANI_MPI`. It needs `--allow-ffi` and
   * `--allow-env`.
   *
   * @param work What this process does.
   * @returns What the work gives.
   * @throws {Error} If this process was started alone, there is no MPI library, or it isn't that of the
   * launcher.
   *
   * @example
   * ```ts ignore
   * await Mpi.run(async (exchange) => {
   *   using trainer = new Trainer(model, { ...options, exchange });
   *   for await (const { trainLoss } of trainer.fit(train, { epochs: 3 })) {
   *     if (exchange.rank === 0) console.log(trainLoss);
   *   }
   * });
   * ```
   */
  static async run<T>(work: (mpi: Mpi) => Promise<T>): Promise<T> {
    const mpi = Mpi.#open();
    let result: T;
    try {
      result = await work(mpi);
    } catch (error) {
      return await mpi.#fail(error);
    }
    // Not after an error: it waits for the others, who wait for this one.
    mpi.#library.symbols.MPI_Finalize();
    return result;
  }

  static #open(): Mpi {
    const env = (name: string) => Deno.env.get(name);
    const launch = findLaunch(env);
    if (!launch) {
      throw new Error(
        "Cannot train over several processes as this one was started alone: start it by mpirun, mpiexec " +
          "or srun, as in mpirun -n 4 deno run -A cli.ts train --distributed",
      );
    }
    const { launcher, family, size } = launch;
    const library = loadMpi({ ...family ? { family } : {}, path: env("GALVANI_MPI") });
    const mpi = new Mpi(library);
    if (size === undefined || size === mpi.size) return mpi;
    library.symbols.MPI_Finalize();
    throw new Error(
      `Cannot train over ${size} processes as ${launcher} started them and ${library.path} ` +
        `(${library.version}) sees ${mpi.size}: start them by the launcher of that library, or say where ` +
        `the launcher's is (GALVANI_MPI=/path/to/libmpi.so)`,
    );
  }

  /**
   * Adds numbers up over all processes, in place. Holds the thread until all have come.
   *
   * @param values The numbers of this process: as many in all.
   * @throws {Error} If MPI reports one.
   */
  allReduceSum(values: Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>): Promise<void> {
    const { symbols, handles: { float, double, sum, world } } = this.#library;
    const type = values instanceof Float32Array ? float : double;
    // Not on another thread: to get there takes longer than most sums.
    const code = symbols.MPI_Allreduce(this.#inPlace, values, values.length, type, sum, world);
    this.#check("MPI_Allreduce", code);
    return Promise.resolve();
  }

  /** Says what went wrong, and ends all processes. */
  async #fail(error: unknown): Promise<never> {
    // Where all fail alike, the first ends the others before they say it again.
    if (this.rank > 0) await pause(FIRST_MILLISECONDS);
    const reason = error instanceof Error ? error.message : String(error);
    const line = `error: ${reason} (process ${this.rank} of ${this.size})\n`;
    Deno.stderr.writeSync(new TextEncoder().encode(line));
    await pause(TOLD_MILLISECONDS);
    const { symbols, handles } = this.#library;
    symbols.MPI_Abort(handles.world, 1);
    // Some libraries come back.
    Deno.exit(1);
  }

  #check(what: string, code: number): void {
    if (code === 0) return;
    const text = new Uint8Array(ERROR_BYTES);
    const length = new Int32Array(1);
    this.#library.symbols.MPI_Error_string(code, text, length);
    const reason = new TextDecoder().decode(text.subarray(0, length[0])) || `error ${code}`;
    throw new Error(`${what} failed: ${reason} (${this.version})`);
  }
}

const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
