/**
 * Compares Galvani with SpikingJelly and, if asked, with others: runs both in turn, each
 * item in a process of its own, and prints how many times as long the other takes, with the peaks of memory.
 *
 * ```sh
 * deno run -A bench/peers/compare.ts --python venv/bin/python --json bench/results/beside_others_zen3.json
 * ```
 */

import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { type Comparison, median, textTable, writeComparisons } from "./table.ts";

const HELP = `Usage: deno run -A bench/peers/compare.ts [OPTIONS]

Options:
  --python COMMAND       Python with spikingjelly (default: python3)
  --torch-device DEVICE  Where PyTorch computes: cpu, cuda:0 (default: cpu)
  --backend NAME         What simulates SpikingJelly's neurons over all T: torch, cupy or triton
                         (default: torch)
  --device KIND          Galvani's adapter: auto, gpu or software (default: auto)
  --gpu NAME             Part of that adapter's name
  --snntorch             Compare with snnTorch, too, of the same Python
  --norse                Compare with Norse, too, of the same Python
  --jax                  Compare with JAX, too, of the same Python
  --tensorflow           Compare with TensorFlow.js, too
  --items PATTERN        Only the items that a regular expression finds
  --rounds N             How often each side runs (default: 5)
  --milliseconds N       How long it is timed in a run (default: 1000)
  --json FILE            Write the table as a result of bench/results/, too; where there is one, its
                         other rows stay
  --help                 Show this help`;

/** Whom Galvani is compared with. */
type Peer = "SpikingJelly" | "snnTorch" | "Norse" | "JAX" | "TensorFlow.js";

/** Work that both sides know by this name; the other side in the table where it isn't SpikingJelly. */
interface Item {
  readonly name: string;
  readonly peer: Peer;
}

/** What a process says. */
interface Line {
  readonly name: string;
  readonly ms: readonly number[];
  readonly peakMemoryMb: number | null;
  /** Galvani's adapter. */
  readonly adapter?: string;
}

const LAYERS = [
  "4096 16",
  "4096 100",
  "65536 16",
  "65536 100",
  "1048576 4",
  "1048576 16",
];
/** Neurons of Open Neuromorphic's benchmark. */
const ONM = [512, 1024, 2048, 4096].map((neurons) => `onm ${neurons}`);
const named = (peer: Peer, names: readonly string[]): Item[] =>
  names.map((name) => ({ name, peer }));
const ITEMS: readonly Item[] = [
  ...named("SpikingJelly", [
    "tutorial, single-step",
    "tutorial, multi-step",
    "784-800-10, as usual",
    "784-800-10, first layer once",
    "784-512-512-10",
    "784-1024-1024-10",
    "28-32-10 feedback",
    "700-256-20 recurrent",
    "csnn 32 4",
    "csnn 32 8",
    "csnn 128 4",
    "sew 8 4",
    "sew 32 4",
    "spikformer 32 4",
    ...LAYERS.flatMap((size) => [`lif ${size} constant`, `lif ${size} dense`]),
    "psn 65536 16",
    "psn 65536 100",
    ...ONM,
  ]),
  ...named("snnTorch", ["tutorial", "12C5-MP2-64C5-MP2-10", "lif 65536 16 dense", ...ONM]),
  ...named("Norse", ["tutorial", "lif 65536 16 dense", ...ONM]),
  ...named("JAX", [
    "tutorial",
    "784-800-10",
    "28-32-10 feedback",
    "700-256-20 recurrent",
    "lif 65536 16 dense",
    ...ONM,
  ]),
  ...named("TensorFlow.js", ["tutorial"]),
];

/** One round of an item on one side. */
type Runner = (item: string) => Promise<Line>;

if (import.meta.main) await main(Deno.args);

async function main(args: string[]): Promise<void> {
  const { values: options } = parseArgs({
    args,
    options: {
      python: { type: "string", default: "python3" },
      "torch-device": { type: "string", default: "cpu" },
      backend: { type: "string", default: "torch" },
      device: { type: "string", default: "auto" },
      gpu: { type: "string" },
      snntorch: { type: "boolean", default: false },
      norse: { type: "boolean", default: false },
      jax: { type: "boolean", default: false },
      tensorflow: { type: "boolean", default: false },
      items: { type: "string", default: "" },
      rounds: { type: "string", default: "5" },
      milliseconds: { type: "string", default: "1000" },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (options.help) return console.log(HELP);
  const rounds = Number(options.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new RangeError(`--rounds must be an integer of at least 1: given "${options.rounds}"`);
  }
  const pattern = new RegExp(options.items);
  const asked = {
    "SpikingJelly": true,
    "snnTorch": options.snntorch,
    "Norse": options.norse,
    "JAX": options.jax,
    "TensorFlow.js": options.tensorflow,
  };
  const items = ITEMS.filter(({ name, peer }) => pattern.test(name) && asked[peer]);
  const time = ["--milliseconds", options.milliseconds];
  const device = ["--device", options.device];
  const deno = [Deno.execPath(), "run", "--quiet", "-A"];
  const python = [options.python, here("spikingjelly_step.py")];
  const galvani = runner([
    ...[...deno, here("galvani_step.ts"), ...device, ...time],
    ...options.gpu === undefined ? [] : ["--gpu", options.gpu],
  ]);
  // Python would take a folder "tensorflow" for the package.
  const folder = "tensorflow_js";
  const peers: Record<Peer, Runner> = {
    "SpikingJelly": runner([
      ...[...python, "--torch-device", options["torch-device"], "--backend", options.backend],
      ...time,
    ]),
    "snnTorch": runner([options.python, here("snntorch_step.py"), ...time]),
    "Norse": runner([options.python, here("norse_step.py"), ...time]),
    "JAX": runner([options.python, here("jax_step.py"), ...time]),
    "TensorFlow.js": runner([
      ...[...deno, "--config", here(`${folder}/deno.json`), here(`${folder}/step.ts`)],
      ...device,
      ...time,
    ]),
  };
  const comparisons: Comparison[] = [];
  for (const { name, peer } of items) {
    const comparison = await compare(name, peer, rounds, galvani, peers[peer]);
    const [own, other] = [comparison.galvani, comparison.other].map((ms) => median(ms).toFixed(2));
    console.error(`${name}: ${own} ms, ${peer} ${other} ms`);
    comparisons.push(comparison);
  }
  console.log(textTable(comparisons));
  if (options.json !== undefined) {
    const quoted = args.map((arg) => /^[\w./:-]+$/.test(arg) ? arg : `"${arg}"`);
    const command = ["deno run -A bench/peers/compare.ts", ...quoted].join(" ");
    await writeComparisons(options.json, comparisons, command);
  }
}

/** Runs both sides in turn, so that what else the machine does meets both. */
async function compare(
  name: string,
  peer: string,
  rounds: number,
  galvani: Runner,
  other: Runner,
): Promise<Comparison> {
  const lines: [Line, Line][] = [];
  for (let round = 0; round < rounds; round++) {
    lines.push([await galvani(name), await other(name)]);
  }
  const milliseconds = (side: 0 | 1) => lines.map((pair) => median(pair[side].ms));
  const memory = (side: 0 | 1) => Math.max(...lines.map((pair) => pair[side].peakMemoryMb ?? NaN));
  return {
    name,
    peer,
    galvani: milliseconds(0),
    other: milliseconds(1),
    memory: [memory(0), memory(1)],
    adapter: lines[0]![0].adapter!,
  };
}

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

function runner([command, ...args]: readonly string[]): Runner {
  return async (item) => {
    const process = new Deno.Command(command!, {
      args: [...args, "--item", item],
      stdout: "piped",
      stderr: "piped",
    });
    const { success, stdout, stderr } = await process.output();
    const text = new TextDecoder();
    if (!success) throw new Error(`${command} failed on "${item}":\n${text.decode(stderr)}`);
    const line = text.decode(stdout).split("\n").find((line) => line.startsWith("{"));
    if (line === undefined) throw new Error(`${command} printed nothing for "${item}"`);
    return JSON.parse(line);
  };
}
