import { assertEquals, assertNotEquals } from "@std/assert";
import { GPU_PRESET, presetFor } from "../../src/gpu/preset.ts";

function info(about: Partial<GPUAdapterInfo>): GPUAdapterInfo {
  return { vendor: "", architecture: "", device: "", description: "", ...about } as GPUAdapterInfo;
}

const [SWIFTSHADER, LLVMPIPE] = [
  "SwiftShader Device (LLVM 16.0.0)",
  "llvmpipe (LLVM 15.0.6, 256 bits)",
].map((description) => presetFor(info({ description, isFallbackAdapter: true })));

Deno.test("SwiftShader is known by its architecture where the description is empty", () => {
  for (const architecture of ["swiftshader", "SwiftShader"]) {
    const preset = presetFor(info({ vendor: "google", architecture, isFallbackAdapter: true }));
    assertEquals(preset, SWIFTSHADER);
  }
  assertNotEquals(SWIFTSHADER, LLVMPIPE);
});

Deno.test("an adapter that computes on the processor gets a software preset, any other a GPU's", () => {
  assertEquals(LLVMPIPE!.name, "software");
  assertEquals(presetFor(info({ isFallbackAdapter: true })), LLVMPIPE);
  assertEquals(presetFor(info({ vendor: "nvidia", isFallbackAdapter: false })), GPU_PRESET);
});

Deno.test("llvmpipe at 512 bits gets more lanes and tiles of its own for products, and fewer copies", () => {
  const description = "llvmpipe (LLVM 15.0.6, 512 bits)";
  assertEquals(presetFor(info({ description, isFallbackAdapter: true })), {
    ...LLVMPIPE,
    textureReadsOnce: false,
    lanes: 16,
    tile: { ...LLVMPIPE!.tile, fours: 8, rows: 8, lineFeatures: 16 },
  });
});
