/**
 * NIR, the exchange of spiking networks with other programs: SpikingJelly, snnTorch, Norse and others read
 * and write it.
 *
 * ```ts
 * import { decodeNir, encodeNir, type NirGraph } from "@galvani/snn/nir";
 * import { assertEquals } from "@std/assert";
 *
 * const graph: NirGraph = { type: "NIRGraph", nodes: new Map(), edges: [] };
 * assertEquals((await decodeNir(encodeNir(graph))).edges, []);
 * ```
 *
 * @module
 */
export { decodeNir } from "./decode.ts";
export { encodeNir } from "./encode.ts";
export { type FromNir, fromNir, type FromNirOptions } from "./from_nir.ts";
export type { NirFeedbackBias, NirFires, NirSoftReset } from "./options.ts";
export { toNir, type ToNirOptions } from "./to_nir.ts";
export type * from "./graph.ts";
