/**
 * Packages of npm that are downloaded when they are first used, and not before.
 *
 * Deno downloads what a literal in an `import()` names when the program starts, whether it is used
 * or not. So each specifier here is a choice: Deno sees none of the two before the call, bundlers
 * for browsers see both. Deno's are in full, as nothing rewrites them when this is published; a
 * test compares their versions with those in `deno.json`.
 *
 * @module
 */

/** Imports Vega, which draws plots. */
export function importVega(): Promise<typeof import("vega")> {
  return import("Deno" in globalThis ? "npm:vega@6.4.0" : "vega");
}

/** Imports resvg, which makes PNGs of plots. */
export function importResvg(): Promise<typeof import("@resvg/resvg-wasm")> {
  return import("Deno" in globalThis ? "npm:@resvg/resvg-wasm@2.6.2" : "@resvg/resvg-wasm");
}

/** Imports fast-png, which reads and writes PNGs. */
export function importFastPng(): Promise<typeof import("fast-png")> {
  return import("Deno" in globalThis ? "npm:fast-png@8.0.0" : "fast-png");
}

/** Imports the checksum of PNG. */
export function importCrc32(): Promise<{ default: typeof import("crc-32") }> {
  return import("Deno" in globalThis ? "npm:crc-32@1.2.2" : "crc-32");
}

/** Imports the checksum of TensorBoard's events. */
export function importCrc32c(): Promise<{ default: typeof import("crc-32/crc32c.js") }> {
  return import("Deno" in globalThis ? "npm:crc-32@1.2.2/crc32c.js" : "crc-32/crc32c.js");
}

/** Imports protobuf.js, which encodes TensorBoard's events. */
export function importProtobuf(): Promise<{ default: typeof import("protobufjs/light.js") }> {
  return import("Deno" in globalThis ? "npm:protobufjs@8.8.1/light.js" : "protobufjs/light.js");
}

/** Imports fzstd, which decompresses recordings of event cameras. */
export function importFzstd(): Promise<typeof import("fzstd")> {
  return import("Deno" in globalThis ? "npm:fzstd@0.1.1" : "fzstd");
}
