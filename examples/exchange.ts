// A network as a NIR file for SpikingJelly, snnTorch, Norse and others, and one of such a file.
import { DirectEncoder, Gpu, imageDataset, LifNode, Linear, Model, Sequential } from "@galvani/snn";
import { decodeNir, encodeNir, fromNir, toNir } from "@galvani/snn/nir";

using gpu = await Gpu.request();
const options = { input: [4], encoder: new DirectEncoder(), timeSteps: 20 };
const network = new Sequential([new Linear(4, 3), new LifNode({ tau: 2.5, vThreshold: 0.1 })]);
using model = await Model.compile(gpu, network, options);

const graph = toNir(network, await model.parameters(), { input: options.input, dt: 1e-3 });
const path = await Deno.makeTempFile({ suffix: ".nir" });
await Deno.writeFile(path, encodeNir(graph));

// A file of SpikingJelly is read with { fires: "at" }.
const read = fromNir(await decodeNir(await Deno.readFile(path), { name: path }));
await Deno.remove(path);
for (const note of read.notes) console.log(note);
for (const layer of read.network.layers) console.log(layer.title?.() ?? layer.kind);
const { timeSteps, encoder } = options;
using again = await Model.compile(gpu, read.network, { input: read.input, encoder, timeSteps });
again.load(read.parameters);

const pictures = imageDataset(crypto.getRandomValues(new Uint8Array(40)), { shape: [4] });
const [before, after] = await Promise.all([model.predict(pictures), again.predict(pictures)]);
const same = before.filter(({ scores }, i) => scores.join() === after[i]!.scores.join());
console.log(`${same.length} of ${before.length} pictures give the same rates`);
