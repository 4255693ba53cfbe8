/**
 * The command line as one of several processes, of which the last gets a signal from outside: so many
 * seconds after a file is there. First come the signal, the seconds and the file.
 */

import { main } from "../../cli.ts";
import { findLaunch } from "../../src/mpi/launch.ts";

const [signal, seconds, file, ...args] = Deno.args;
const { rank, size } = findLaunch((name) => Deno.env.get(name))!;
if (rank + 1 === size) {
  const script = 'until [ -e "$3" ]; do sleep 0.01; done; sleep $2; kill -$1 $4';
  new Deno.Command("sh", {
    args: ["-c", script, "sh", signal!, seconds!, file!, `${Deno.pid}`],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn().unref();
}
Deno.exit(await main(args));
