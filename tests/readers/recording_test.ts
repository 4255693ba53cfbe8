import { assertEquals } from "@std/assert";
import { readAedat4 } from "../../src/datasets/mod.ts";

/** The crate whose tests hold a recording of a real camera, and the recording. */
const CRATE = 'aedat = "=1.2.4"';
const RECORDING = "vendor/aedat/test_data.aedat4";

/** Whether there is a Cargo that can get it. */
const cargo = await new Deno.Command("cargo", { args: ["--version"], stdout: "null" }).output()
  .then(({ success }) => success, () => false);

Deno.test({
  name: "readAedat4() reads a real camera's recording as the package aedat does",
  ignore: !cargo,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      await Deno.mkdir(`${folder}/src`);
      await Deno.writeTextFile(`${folder}/src/lib.rs`, "");
      const manifest = `[package]\nname = "none"\nversion = "0.0.0"\n[dependencies]\n${CRATE}\n`;
      await Deno.writeTextFile(`${folder}/Cargo.toml`, manifest);
      const vendor = new Deno.Command("cargo", { args: ["vendor", "-q"], cwd: folder });
      const { success, stderr } = await vendor.output();
      assertEquals(success, true, new TextDecoder().decode(stderr));
      const file = await Deno.open(`${folder}/${RECORDING}`);
      assertEquals(await summaryOf(file.readable), {
        events: 78_830,
        on: 41_257,
        // A record an event, as that package's decoder gives them: i64 t, i16 x, i16 y, u8 p.
        hash: "2154b09ad3de1af1a897724baee61d587d8868e2aaad49632f6985c8f9a3f6b9",
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

async function summaryOf(file: ReadableStream<Uint8Array>) {
  const records: Uint8Array<ArrayBuffer>[] = [];
  let on = 0;
  for await (const { x, y, t, p } of readAedat4(file)) {
    const view = new DataView(new ArrayBuffer(13 * t.length));
    for (let i = 0; i < t.length; i++) {
      view.setBigInt64(13 * i, BigInt(t[i]!), true);
      view.setInt16(13 * i + 8, x[i]!, true);
      view.setInt16(13 * i + 10, y[i]!, true);
      view.setUint8(13 * i + 12, p[i]!);
      on += p[i]!;
    }
    records.push(new Uint8Array(view.buffer));
  }
  const all = await new Blob(records).bytes();
  return {
    events: all.length / 13,
    on,
    hash: new Uint8Array(await crypto.subtle.digest("SHA-256", all)).toHex(),
  };
}
