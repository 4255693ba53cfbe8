/** Reads safetensors files, as far as the golden data need it. */

interface Entry {
  dtype: "F32" | "I32" | "U8";
  shape: number[];
  data_offsets: [number, number];
}

export interface SafeTensors {
  metadata: Record<string, string>;
  get(name: string): number[];
}

export function readSafeTensors(path: string): SafeTensors {
  const bytes = Deno.readFileSync(path);
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const { __metadata__: metadata, ...entries } = header as
    & { __metadata__: Record<string, string> }
    & Record<string, Entry>;
  return {
    metadata,
    get(name) {
      const entry = (entries as Record<string, Entry>)[name];
      if (!entry) throw new Error(`"${path}" has no tensor "${name}"`);
      const [start, end] = entry.data_offsets;
      const slice = bytes.slice(8 + length + start, 8 + length + end);
      if (entry.dtype === "F32") return [...new Float32Array(slice.buffer)];
      if (entry.dtype === "I32") return [...new Int32Array(slice.buffer)];
      return [...slice];
    },
  };
}
