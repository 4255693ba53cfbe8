import { decodeSafetensors } from "../../src/formats/mod.ts";

/** A file of golden numbers. */
export interface SafeTensors {
  metadata: Readonly<Record<string, string>>;
  get(name: string): number[];
}

/** Reads a safetensors file whose tensors are wanted as numbers. */
export function readSafeTensors(path: string): SafeTensors {
  const { tensors, metadata } = decodeSafetensors(Deno.readFileSync(path), { name: path });
  return {
    metadata,
    get(name) {
      const tensor = tensors.get(name);
      if (!tensor) throw new Error(`"${path}" has no tensor "${name}"`);
      return Array.from(tensor.data, Number);
    },
  };
}
