// Weights that another program trained: a state dict in a safetensors file, as PyTorch's
// `safetensors.torch.save_file(net.state_dict(), "net.safetensors")` writes it.
import { DirectEncoder, Flatten, Gpu, LifNode, Linear, Model, Sequential } from "@galvani/snn";
import { imageDataset } from "@galvani/snn/datasets";
import { decodeSafetensors, encodeSafetensors } from "@galvani/snn/formats";

// Where there is no file of PyTorch's, one that has what it would have.
const file = Deno.args[0] ?? await Deno.makeTempFile({ suffix: ".safetensors" });
if (Deno.args.length === 0) {
  const data = Float32Array.from({ length: 2 * 4 }, (_, i) => i < 4 ? 0.5 : -0.5);
  await Deno.writeFile(
    file,
    encodeSafetensors(new Map([["layer.1.weight", { shape: [2, 4], data }]])),
  );
}

using gpu = await Gpu.request();
const network = new Sequential([new Flatten(), new Linear(4, 2, { bias: false }), new LifNode()]);
using model = await Model.compile(gpu, network, {
  input: [1, 2, 2],
  encoder: new DirectEncoder(),
  timeSteps: 8,
});
const { tensors } = decodeSafetensors(await Deno.readFile(file));
// Names that are missing, unexpected or of another shape are errors that say so.
model.load(tensors);

const pictures = imageDataset(new Uint8Array([255, 255, 255, 255]), { shape: [1, 2, 2] });
console.log((await model.predict(pictures))[0]);

// And back: PyTorch's names and shapes.
for (const [name, { shape }] of await model.parameters()) console.log(name, shape);
