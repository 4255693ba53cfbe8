import {
  Dataset,
  DirectEncoder,
  Gpu,
  matchParameters,
  Model,
  type Sequential,
} from "../../../mod.ts";
import { decodeNpy, decodeSafetensors } from "../../../src/formats/mod.ts";
import { readWithPython } from "../../readers/python.ts";

/** What {@linkcode compareScores} compares. */
export interface Comparison {
  /** The networks, by the names of the files with their weights and scores. */
  readonly networks: Readonly<Record<string, Sequential>>;
  /** The shape of a picture. */
  readonly input: readonly number[];
  /** In which order modules of the same shapes run, see {@linkcode matchParameters}. */
  readonly order: readonly string[];
}

/**
 * Runs a script that leaves pictures, `x.npy`, and of each network its weights and what it makes of them, then
 * prints how far the same networks here, with these weights, are from that.
 *
 * @param script The script in this folder.
 * @param comparison The networks, and what they take.
 */
export async function compareScores(
  script: string,
  { networks, input, order }: Comparison,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await readWithPython(`../layers/peers/${script}`, folder);
    const array = async (name: string) =>
      decodeNpy(await Deno.readFile(`${folder}/${name}.npy`)).data as Float32Array<ArrayBuffer>;
    using gpu = await Gpu.request();
    const data = await array("x");
    const pictures = new Dataset({ shape: [...input], content: { kind: "floats", data } });
    for (const [name, network] of Object.entries(networks)) {
      const { tensors } = decodeSafetensors(await Deno.readFile(`${folder}/${name}.safetensors`));
      const options = { input, encoder: new DirectEncoder(), timeSteps: 4, batchSize: 4 };
      using model = await Model.compile(gpu, network, options);
      model.load(matchParameters(network, input, tensors, { order }).parameters);
      const wanted = await array(name);
      const scores = (await model.predict(pictures)).flatMap(({ scores }) => [...scores]);
      const apart = Math.max(...scores.map((score, i) => Math.abs(score - wanted[i]!)));
      const largest = Math.max(...wanted.map(Math.abs)).toFixed(3);
      console.log(
        `${name}: ${scores.length} scores of up to ${largest}, at most ${
          apart.toExponential(1)
        } apart`,
      );
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
