import { assertEquals, assertRejects } from "@std/assert";
import {
  ARCHIVE_SHA256,
  checkDriverFile,
  DRIVER_FILES,
  DRIVER_PACKAGE,
  unpackDriver,
} from "../../src/gpu/driver_archive.ts";
import { GpuUnavailableError } from "../../mod.ts";

const PACKAGE: string = DRIVER_PACKAGE;
await import(PACKAGE);
const archive = await Deno.readFile(
  new URL("../bin/swiftshader.tar.br", import.meta.resolve(PACKAGE)),
);

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

Deno.test("the embedded driver's archive is that of the package", async () => {
  const files = await unpackDriver(archive);
  assertEquals([...files.keys()].sort(), [...DRIVER_FILES].sort());
  for (const [name, bytes] of files) await checkDriverFile(name, bytes);
});

Deno.test("an archive with one bit flipped anywhere is refused with both sums", async () => {
  for (const at of [0, 1000, archive.length >> 1, archive.length - 1]) {
    const damaged = archive.slice();
    damaged[at]! ^= 1;
    const { message } = await assertRejects(() => unpackDriver(damaged), GpuUnavailableError);
    assertEquals(
      message,
      `Cannot use swiftshader.tar.br of ${DRIVER_PACKAGE} as its SHA-256 must be ${ARCHIVE_SHA256}: ` +
        `it is ${await sha256(damaged)}`,
    );
  }
});

Deno.test("an archive that is cut off, longer or empty is refused", async () => {
  const longer = new Uint8Array(archive.length + 1);
  longer.set(archive);
  for (const bytes of [archive.slice(0, -1), longer, new Uint8Array()]) {
    await assertRejects(() => unpackDriver(bytes), GpuUnavailableError, ARCHIVE_SHA256);
  }
});

Deno.test("a driver's file with one bit flipped is refused with both sums", async () => {
  const files = await unpackDriver(archive);
  for (const [name, bytes] of files) {
    const whole = await sha256(bytes);
    const damaged = bytes.slice();
    damaged[bytes.length - 1]! ^= 0x80;
    const { message } = await assertRejects(
      () => checkDriverFile(name, damaged),
      GpuUnavailableError,
    );
    assertEquals(
      message,
      `Cannot use ${name} of ${DRIVER_PACKAGE} as its SHA-256 must be ${whole}: it is ` +
        await sha256(damaged),
    );
  }
});
