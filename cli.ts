/**
 * The command line. It trains networks, tests them, and asks them about pictures:
 *
 * ```sh
 * deno run -A jsr:@galvani/snn/cli train
 * deno run -A jsr:@galvani/snn/cli --help
 * ```
 *
 * or, as a command of its own:
 *
 * ```sh
 * deno install -g -A -n galvani jsr:@galvani/snn/cli
 * galvani train
 * ```
 *
 * @module
 */

import { main } from "./src/cli/main.ts";

export { main };

if (import.meta.main) Deno.exit(await main(Deno.args));
