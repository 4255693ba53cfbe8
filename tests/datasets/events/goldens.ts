import { assertEquals } from "@std/assert";
import type { CameraEvents } from "../../../src/datasets/mod.ts";
import { decodeSafetensors } from "../../../src/formats/mod.ts";

const FOLDER = new URL("../../goldens/events/", import.meta.url);

/**
 * A file that `tests/goldens/events/make.py` wrote.
 *
 * @param name Its name.
 * @returns Its bytes.
 */
export function golden(name: string): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(new URL(name, FOLDER));
}

const { tensors } = decodeSafetensors(golden("decoded.safetensors"));

/**
 * What another program read.
 *
 * @param name The file's name, a point, and what of it.
 * @returns The numbers.
 */
export function decoded(name: string): number[] {
  return Array.from(tensors.get(name)!.data, Number);
}

/**
 * Asserts that events are those that another program read in the same file.
 *
 * @param events The events.
 * @param name The file's name.
 */
export function assertDecoded(events: CameraEvents, name: string): void {
  for (const column of ["x", "y", "t", "p"] as const) {
    assertEquals(Array.from(events[column]), decoded(`${name}.${column}`), `${name}.${column}`);
  }
}

/**
 * A file in parts of a size that fits nothing.
 *
 * @param bytes The file.
 * @param size Bytes of a part.
 * @returns The parts.
 */
export async function* inParts(bytes: Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await bytes.subarray(at, at + size);
}
