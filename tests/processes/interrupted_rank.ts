/** The command line as one of several processes, of which the last is asked to end after a second. */

import { main } from "../../cli.ts";
import { findLaunch } from "../../src/mpi/launch.ts";

const { rank, size } = findLaunch((name) => Deno.env.get(name))!;
if (rank + 1 === size) setTimeout(() => Deno.kill(Deno.pid, "SIGTERM"), 1000);
Deno.exit(await main(Deno.args));
