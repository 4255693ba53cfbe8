import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What starts several processes: that in GALVANI_MPIRUN, else `mpirun`; nothing where there is none. */
export const MPIRUN = findMpirun();

function findMpirun(): string | undefined {
  const path = Deno.env.get("GALVANI_MPIRUN") ?? "mpirun";
  try {
    new Deno.Command(path, { args: ["--version"], stdout: "null", stderr: "null" }).outputSync();
    return path;
  } catch {
    return undefined;
  }
}

/** Open MPI runs as root, and more processes than there are cores, only if it is asked to. */
const ENVIRONMENT = {
  OMPI_ALLOW_RUN_AS_ROOT: "1",
  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: "1",
  OMPI_MCA_rmaps_base_oversubscribe: "1",
  LP_NUM_THREADS: "1",
  NO_COLOR: "1",
};

/** How processes ended, and all they wrote. */
export interface MpiOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a script of the repository in several processes. */
export function spawnMpi(
  size: number,
  script: string,
  args: readonly string[],
): { readonly child: Deno.ChildProcess; readonly outcome: Promise<MpiOutcome> } {
  const child = new Deno.Command(MPIRUN!, {
    args: [
      ...["-n", `${size}`, Deno.execPath(), "run", "--quiet", "--no-check", "-A"],
      ...[join(ROOT, script), ...args],
    ],
    cwd: ROOT,
    env: ENVIRONMENT,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const outcome = child.output().then(({ code, stdout, stderr }) => {
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    return { code, stdout: out!, stderr: err! };
  });
  return { child, outcome };
}

/** Runs a script of the repository in several processes. */
export function runMpi(size: number, script: string, ...args: string[]): Promise<MpiOutcome> {
  return spawnMpi(size, script, args).outcome;
}
