/** The handles that are used. */
export type HandleName = "world" | "float" | "double" | "sum" | "noInfo" | "errorsReturn";

/**
 * What tells one family of MPI libraries from another: what a handle is, and the constants of `mpi.h`.
 */
export interface Abi {
  /** Its name in messages. */
  readonly name: "Open MPI" | "MPICH" | "MPI 5";
  /** Handles are pointers, or ints. */
  readonly handle: "u64" | "u32";
  /** The value of each handle; a text is the symbol whose address it is. */
  readonly handles: Readonly<Record<HandleName, number | string>>;
  /** MPI_IN_PLACE. */
  readonly inPlace: bigint;
  /** MPI_COMM_TYPE_SHARED. */
  readonly sharedMemory: number;
  /** MPI_THREAD_SERIALIZED: calls come from any thread, one at a time. */
  readonly serialized: number;
}

/** Open MPI 4 and 5. */
export const OPEN_MPI: Abi = {
  name: "Open MPI",
  handle: "u64",
  handles: {
    world: "ompi_mpi_comm_world",
    float: "ompi_mpi_float",
    double: "ompi_mpi_double",
    sum: "ompi_mpi_op_sum",
    noInfo: "ompi_mpi_info_null",
    errorsReturn: "ompi_mpi_errors_return",
  },
  inPlace: 1n,
  sharedMemory: 0,
  serialized: 2,
};

/** MPICH from 3.1 on; Intel MPI, MVAPICH and Cray MPICH have the same numbers. */
export const MPICH: Abi = {
  name: "MPICH",
  handle: "u32",
  handles: {
    world: 0x44000000,
    float: 0x4c00040a,
    double: 0x4c00080b,
    sum: 0x58000003,
    noInfo: 0x1c000000,
    errorsReturn: 0x54000001,
  },
  inPlace: 0xffffffffffffffffn,
  sharedMemory: 1,
  serialized: 2,
};

/** What the standard says since MPI 5.0, whichever library follows it. */
export const STANDARD: Abi = {
  name: "MPI 5",
  handle: "u64",
  handles: {
    world: 0x101,
    float: 0x210,
    double: 0x214,
    sum: 0x21,
    noInfo: 0x130,
    errorsReturn: 0x143,
  },
  inPlace: 1n,
  sharedMemory: 221,
  serialized: 2048,
};
