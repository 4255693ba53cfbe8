const FOLDER = new URL("../goldens/nir/", import.meta.url);

/**
 * Reads a file of another program.
 *
 * @param name Its name in `tests/goldens/nir/`.
 * @returns Its bytes.
 */
export function readGolden(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return Deno.readFile(new URL(name, FOLDER));
}
