import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { readDeclarations } from "../../src/gpu/declarations.ts";

Deno.test("readDeclarations() finds bindings of each kind, in the order of their numbers", () => {
  const { bindings } = readDeclarations(`
    @group(0) @binding(3) var<storage, read_write> sums: array<vec4<f32>>;
    @binding(0)
    @group(0) var<uniform> step: Step; @group(0)@binding(1)var<storage> bare : array<u32>;
    @group(0) @binding(2) var<storage,read> read: array<array<f32, 3>>;
    @group ( 0 ) @binding ( 4, ) var pixels: texture_2d< u32 >;
    @group(0) @binding(5) var drawn: texture_storage_2d<rgba32uint, write>;
    @group(0) @binding(6) var listed: texture_storage_2d<rgba32uint, read>;
    var<workgroup> shared_sums: array<f32, 64>;
    var<private> own: f32;`);
  assertEquals(bindings, [
    { index: 0, name: "step", use: "uniform" },
    { index: 1, name: "bare", use: "read" },
    { index: 2, name: "read", use: "read" },
    { index: 3, name: "sums", use: "read_write" },
    { index: 4, name: "pixels", use: "texture" },
    { index: 5, name: "drawn", use: "texture_write" },
    { index: 6, name: "listed", use: "texture_read" },
  ]);
});

Deno.test("readDeclarations() finds each override, also several in a line", () => {
  const { overrides } = readDeclarations(`
    override lanes: u32; override tau = 2.0; override  scale  : f32 = 1.0 / f32(lanes);
    @id(7) override rest: f32;
    const overridden = 1;`);
  assertEquals(overrides, [
    { name: "lanes", key: "lanes", hasDefault: false },
    { name: "tau", key: "tau", hasDefault: true },
    { name: "scale", key: "scale", hasDefault: true },
    { name: "rest", key: "7", hasDefault: false },
  ]);
});

Deno.test("readDeclarations() passes over comments", () => {
  const { bindings, overrides } = readDeclarations(`
    // override a: u32; @group(0) @binding(0) var<uniform> a: u32; /* this opens nothing
    override b: u32; // override c: u32;
    /* override d: u32; /* override e: u32; */ override f: u32;
       // override g: u32; */ override h: u32;
    @group(0) /* of all */ @binding(1) // the first
    var<uniform> i: u32;
    /**/override j: u32;/* override k: u32;`);
  assertEquals(overrides.map(({ name }) => name), ["b", "h", "j"]);
  assertEquals(bindings, [{ index: 1, name: "i", use: "uniform" }]);
});

const REFUSED: [what: string, code: string, message: string][] = [
  [
    "another group",
    "@group(1) @binding(0) var<uniform> a: u32;",
    'Cannot bind "a" as its binding must be a number in group 0: current value is "@group(1)',
  ],
  ["no group", "@binding(0) var<uniform> a: u32;", "must be a number in group 0"],
  ["a number by name", "@group(0) @binding(N) var<uniform> a: u32;", "must be a number in group 0"],
  [
    "a number given twice",
    "@group(0) @binding(4) var<uniform> a: u32;\n@group(0) @binding(4) var<uniform> b: u32;",
    'Cannot bind "b" as "a" has its number, too: current value is 4',
  ],
  [
    "a sampler",
    "@group(0) @binding(0) var a: sampler;",
    'Cannot bind "a" as it must be a uniform or storage buffer, a texture_2d<u32> or a ' +
    'texture_storage_2d<rgba32uint, read> or <rgba32uint, write>: current value is "var a: sampler"',
  ],
  ["a texture of numbers", "@group(0) @binding(0) var a: texture_2d<f32>;", "texture_2d<f32>"],
  ["a storage that is only written", "@group(0) @binding(0) var<storage, write> a: u32;", "write>"],
  ["a binding of what isn't a variable", "@group(0) @binding(0) let a = 1;", "0 of 1 are"],
  ["an override without its end", "override a: u32", "each override must be of the form"],
];
for (const [what, code, message] of REFUSED) {
  Deno.test(`readDeclarations() refuses ${what}`, () => {
    const error = assertThrows(() => readDeclarations(code), SyntaxError);
    assertStringIncludes(error.message, message);
  });
}
