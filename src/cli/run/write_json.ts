import { writeWhole } from "./files.ts";

/**
 * Writes a value to a file as JSON, lists of numbers on one line.
 *
 * @param path The file.
 * @param value The value; its typed arrays become lists.
 */
export async function writeJson(path: string, value: unknown): Promise<void> {
  const text = JSON.stringify(
    value,
    (_, part) => ArrayBuffer.isView(part) ? Array.from(part as Float32Array) : part,
    2,
  );
  // JSON's strings hold no line breaks, so that those of a list are its own.
  const short = text.replace(
    /\[\n([\d\s,.e+-]+)\]/g,
    (_, numbers: string) => `[${numbers.trim().replace(/\s+/g, " ")}]`,
  );
  await writeWhole(path, `${short}\n`);
}
