import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { TIME_LIMIT } from "./cli_process.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Open MPI runs as root, and more processes than there are cores, only if it is asked to. */
const ENVIRONMENT = {
  OMPI_ALLOW_RUN_AS_ROOT: "1",
  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: "1",
  OMPI_MCA_rmaps_base_oversubscribe: "1",
  LP_NUM_THREADS: "1",
  NO_COLOR: "1",
};

/** An MPI: what starts processes, and how they find its library. */
export interface TestedMpi {
  /** Its name; why tests of it are ignored, too. */
  readonly name: string;
  /** Whether it isn't here. */
  readonly ignore: boolean;
  /** What starts processes. */
  readonly launcher: string;
  /** Variables for its processes. */
  readonly env: Readonly<Record<string, string>>;
}

/** A virtual environment of Python with PyPI's `mpich`. */
const MPICH = Deno.env.get("GALVANI_MPICH");
const mpich = (name: string, library: string): TestedMpi => {
  const launcher = MPICH ? join(MPICH, "bin", "mpiexec") : "";
  const ignore = !existsSync(launcher);
  return {
    name: ignore ? `${name} (no GALVANI_MPICH with bin/mpiexec)` : name,
    ignore,
    launcher,
    env: { GALVANI_MPI: join(MPICH ?? "", "lib", library) },
  };
};

/** The system's Open MPI, if `mpirun` is it. */
const openMpi = (): TestedMpi => {
  let version = "";
  try {
    const { stdout } = new Deno.Command("mpirun", { args: ["--version"] }).outputSync();
    version = new TextDecoder().decode(stdout);
  } catch {
    // There is none.
  }
  const ignore = !version.includes("Open MPI");
  const name = ignore ? "Open MPI (no mpirun of it: apt install openmpi-bin)" : "Open MPI";
  return { name, ignore, launcher: "mpirun", env: {} };
};

/** What tests start processes by. */
export const OPEN_MPI = openMpi();
export const MPIS: readonly TestedMpi[] = [
  OPEN_MPI,
  mpich("MPICH", "libmpi.so.12"),
  mpich("MPICH by MPI 5's ABI", "libmpi_abi.so.1"),
];

/** How processes ended, and all they wrote. */
export interface MpiOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script of the repository in several processes. */
export async function runMpi(
  { launcher, env }: TestedMpi,
  size: number,
  script: string,
  ...args: string[]
): Promise<MpiOutcome> {
  const launched = new Deno.Command(launcher, {
    args: [
      ...["-n", `${size}`, Deno.execPath(), "run", "--quiet", "--no-check", "-A"],
      ...[join(ROOT, script), ...args],
    ],
    cwd: ROOT,
    env: { ...ENVIRONMENT, ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  // The launcher ends its processes, too.
  const timer = setTimeout(() => launched.kill("SIGTERM"), TIME_LIMIT);
  const { code, stdout, stderr } = await launched.output().finally(() => clearTimeout(timer));
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, stdout: out!, stderr: err! };
}
