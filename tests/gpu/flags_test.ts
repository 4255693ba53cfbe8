import { assertEquals } from "@std/assert";
import { BUFFER_USAGE, MAP_MODE, SHADER_STAGE, TEXTURE_USAGE } from "../../src/gpu/flags.ts";

Deno.test("flags have the values of the engine's", () => {
  for (
    const [known, flags] of [
      [GPUBufferUsage, BUFFER_USAGE],
      [GPUTextureUsage, TEXTURE_USAGE],
      [GPUMapMode, MAP_MODE],
      [GPUShaderStage, SHADER_STAGE],
    ] as const
  ) {
    const values = Object.keys(flags).map((name) => [name, Reflect.get(known, name)]);
    assertEquals(Object.fromEntries(values), flags);
  }
});
