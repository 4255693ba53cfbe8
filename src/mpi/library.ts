import { type Abi, type HandleName, MPICH, OPEN_MPI, STANDARD } from "./abi.ts";
import type { Launch } from "./launch.ts";

/** What is called; handles are of one kind or the other, and JavaScript's numbers for both. */
const functions = (handle: "u32") =>
  ({
    MPI_Init_thread: { parameters: ["pointer", "pointer", "i32", "buffer"], result: "i32" },
    MPI_Finalize: { parameters: [], result: "i32" },
    MPI_Abort: { parameters: [handle, "i32"], result: "i32" },
    MPI_Comm_rank: { parameters: [handle, "buffer"], result: "i32" },
    MPI_Comm_size: { parameters: [handle, "buffer"], result: "i32" },
    MPI_Comm_split_type: { parameters: [handle, "i32", "i32", handle, "buffer"], result: "i32" },
    MPI_Comm_free: { parameters: ["buffer"], result: "i32" },
    MPI_Comm_set_errhandler: { parameters: [handle, handle], result: "i32" },
    MPI_Error_string: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
    MPI_Get_library_version: { parameters: ["buffer", "buffer"], result: "i32" },
    MPI_Allreduce: {
      parameters: ["pointer", "buffer", "i32", handle, handle, handle],
      result: "i32",
    },
  }) as const;

/** An MPI library that was loaded. */
export interface MpiLibrary {
  /** The name or path that it was loaded by. */
  readonly path: string;
  /** Its family. */
  readonly abi: Abi;
  /** What it calls itself, in one line. */
  readonly version: string;
  /** Its functions. */
  readonly symbols: Deno.DynamicLibrary<ReturnType<typeof functions>>["symbols"];
  /** The handles. */
  readonly handles: Readonly<Record<HandleName, number>>;
}

/** At least MPI_MAX_LIBRARY_VERSION_STRING of any library. */
const VERSION_BYTES = 1 << 14;

/** Names of the libraries of a family. Debian has an MPICH of another name. */
const NAMES: Partial<Record<typeof Deno.build.os, Readonly<Record<Abi["name"], string[]>>>> = {
  linux: {
    "Open MPI": ["libmpi.so.40"],
    "MPICH": ["libmpi.so.12", "libmpich.so.12"],
    "MPI 5": ["libmpi_abi.so.1"],
  },
  darwin: {
    "Open MPI": ["libmpi.40.dylib"],
    "MPICH": ["libmpi.12.dylib", "libmpich.12.dylib"],
    "MPI 5": ["libmpi_abi.1.dylib"],
  },
};

/**
 * Loads an MPI library.
 *
 * @param wanted The family of the launcher, which is tried first; or the library's path.
 * @returns The library.
 * @throws {Error} If none can be loaded: the message says what was tried, and what to install.
 * @throws {Deno.errors.NotCapable} Without `--allow-ffi`.
 */
export function loadMpi(
  { family, path }: { readonly family?: Launch["family"]; readonly path?: string | undefined },
): MpiLibrary {
  const names = NAMES[Deno.build.os];
  const families = ["Open MPI", "MPICH", "MPI 5"] as const;
  const first = families.filter((name) => name === family);
  const candidates = path === undefined
    ? [...first, ...families.filter((name) => name !== family)].flatMap((own) => names?.[own] ?? [])
    : [path];
  const tried: string[] = [];
  for (const name of candidates) {
    try {
      return open(name);
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
      tried.push(`\n  ${name}: ${(error as Error).message.split("\n")[0]}`);
    }
  }
  throw new Error(
    "Cannot load MPI: install Open MPI or MPICH (on Debian and Ubuntu: apt install openmpi-bin), load its " +
      "module on a cluster, or say where its library is (GALVANI_MPI=/path/to/libmpi.so). Tried:" +
      (tried.join("") || ` nothing, as no name is known on ${Deno.build.os}`),
  );
}

function open(path: string): MpiLibrary {
  const abi = path.includes("mpi_abi") ? STANDARD : isOpenMpi(path) ? OPEN_MPI : MPICH;
  // The types of both kinds of handles are the same: Deno takes numbers for them.
  const { symbols } = Deno.dlopen(path, functions(abi.handle as "u32"));
  const text = new Uint8Array(VERSION_BYTES);
  const length = new Int32Array(1);
  symbols.MPI_Get_library_version(text, length);
  const version = new TextDecoder().decode(text.subarray(0, length[0])).split(/[,\n\0]/)[0]!.trim();
  return { path, abi, symbols, version, handles: handlesOf(path, abi) };
}

function handlesOf(path: string, { handles }: Abi): MpiLibrary["handles"] {
  const valueOf = (value: number | string) => {
    if (typeof value === "number") return value;
    const { symbols } = Deno.dlopen(path, { [value]: { type: "pointer" } } as const);
    return Number(Deno.UnsafePointer.value(symbols[value]!));
  };
  return Object.fromEntries(
    Object.entries(handles).map(([name, value]) => [name, valueOf(value)]),
  ) as Record<HandleName, number>;
}

/** Whether a library has Open MPI's own symbols. */
function isOpenMpi(path: string): boolean {
  try {
    Deno.dlopen(path, { ompi_mpi_comm_world: { type: "pointer" } }).close();
    return true;
  } catch (error) {
    if (/symbol/i.test((error as Error).message)) return false;
    throw error;
  }
}
