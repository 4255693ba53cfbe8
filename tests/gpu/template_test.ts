import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { expandTemplate, type TemplateValues } from "../../src/gpu/template.ts";

/** Expands lines to lines. */
function expand(lines: readonly string[], values: TemplateValues = {}): string[] {
  const text = expandTemplate(lines.join("\n"), values).code;
  return text === "" ? [] : text.split("\n");
}

/** The value of an expression, as the text has it. */
function valueOf(expression: string, values: TemplateValues = {}): string {
  return expandTemplate("${" + expression + "}", values).code;
}

Deno.test("WGSL without directives stays as it is", () => {
  const wgsl = "fn main() {\n\n  let a = b[c] / 2u; // {d} $e #for\n\t}\n";
  assertEquals(expandTemplate(wgsl, { a: 1 }).code, wgsl);
});

Deno.test("a line may have several expressions", () => {
  assertEquals(expand(["a_${n}[${ n + 1 }] = ${n}u;"], { n: 7 }), ["a_7[8] = 7u;"]);
});

const LOOPS: [what: string, template: string[], expected: string[]][] = [
  ["once for each value, the end left out", ["#for t in 0..3", "x${t}", "#end"], [
    "x0",
    "x1",
    "x2",
  ]],
  ["from any start", ["#for t in n - 2..n + 1", "${t}", "#end"], ["3", "4", "5"]],
  ["from negative values", ["#for t in -2..1", "${t}", "#end"], ["-2", "-1", "0"]],
  ["several lines", ["a", "#for t in 0..2", "b${t}", "c${t}", "#end", "d"], [
    "a",
    "b0",
    "c0",
    "b1",
    "c1",
    "d",
  ]],
  ["never over an empty range", ["a", "#for t in 3..3", "b", "#end", "c"], ["a", "c"]],
  ["never over a range that goes down", ["#for t in 3..0", "b", "#end"], []],
  ["an empty body", ["#for t in 0..3", "#end"], []],
  ["indented directives, which leave nothing behind", [
    "  #for t in 0..1",
    "  x",
    "  #end",
  ], ["  x"]],
  ["inside another", [
    "#for t in 0..2",
    "#for u in t..2",
    "${t}${u}",
    "#end",
    "-",
    "#end",
  ], ["00", "01", "-", "11", "-"]],
  ["with a name that hides the outer loop's until its end", [
    "#for t in 0..2",
    "#for t in 5..7",
    "${t}",
    "#end",
    "${t}",
    "#end",
  ], ["5", "6", "0", "5", "6", "1"]],
  ["with a name that hides a value until its end", ["#for n in 0..1", "${n}", "#end", "${n}"], [
    "0",
    "5",
  ]],
];
for (const [what, template, expected] of LOOPS) {
  Deno.test(`#for repeats: ${what}`, () => {
    assertEquals(expand(template, { n: 5 }), expected);
  });
}

const BRANCHES: [what: string, template: string[], expected: string[]][] = [
  ["where the value is not 0", ["#if n", "a", "#end", "b"], ["a", "b"]],
  ["where the value is negative", ["#if -n", "a", "#end"], ["a"]],
  ["not where it is 0", ["#if n - 5", "a", "#end", "b"], ["b"]],
  ["as true and false say", ["#if yes", "a", "#end", "#if no", "b", "#end"], ["a"]],
  ["the first part", ["#if n == 5", "a", "#else", "b", "#end"], ["a"]],
  ["the part after #else", ["#if n != 5", "a", "#else", "b", "#end"], ["b"]],
  ["nothing of an empty part", ["#if n", "#else", "b", "#end"], []],
  ["with the #else that belongs to it", [
    "#if no",
    "#if yes",
    "a",
    "#else",
    "b",
    "#end",
    "#else",
    "#if no",
    "c",
    "#else",
    "d",
    "#end",
    "#end",
  ], ["d"]],
  ["anew in each turn of a loop", [
    "#for t in 0..4",
    "#if t % 2 == 0",
    "even ${t}",
    "#else",
    "odd ${t}",
    "#end",
    "#end",
  ], ["even 0", "odd 1", "even 2", "odd 3"]],
  ["without a look at the part left out", ["#if no", "${unknown}", "#end", "a"], ["a"]],
];
for (const [what, template, expected] of BRANCHES) {
  Deno.test(`#if keeps: ${what}`, () => {
    assertEquals(expand(template, { n: 5, yes: true, no: false }), expected);
  });
}

const LETS: [what: string, template: string[], expected: string[]][] = [
  ["names a value", ["#let m = 2 * n", "${m}"], ["10"]],
  ["leaves no line", ["a", "#let m = 1", "b"], ["a", "b"]],
  ["may use its own former value", ["#let n = n + 1", "#let n = n * n", "${n}"], ["36"]],
  ["follows the loop", ["#for t in 0..2", "#let m = 4 * t", "${m}", "#end"], ["0", "4"]],
  ["starts anew in each turn", ["#for t in 0..2", "#let n = n + 1", "${n}", "#end"], ["6", "6"]],
  ["ends with its loop", ["#for t in 0..1", "#let n = 1", "#end", "${n}"], ["5"]],
  ["ends with its #if", ["#if 1", "#let n = 1", "${n}", "#end", "${n}"], ["1", "5"]],
  ["ends with its #else", ["#if 0", "#else", "#let n = 1", "#end", "${n}"], ["5"]],
  ["counts inside the blocks that follow", [
    "#let m = 3",
    "#for t in 0..1",
    "#if 1",
    "${m}",
    "#end",
    "#end",
  ], ["3"]],
];
for (const [what, template, expected] of LETS) {
  Deno.test(`#let ${what}`, () => assertEquals(expand(template, { n: 5 }), expected));
}

Deno.test("a name ends with the block that made it", () => {
  for (const block of [["#for t in 0..1"], ["#if 1"], ["#if 0", "#else"]]) {
    const template = [...block, "#let m = 1", "#end", "${m}"];
    assertThrows(() => expand(template), SyntaxError, 'unknown name "m"');
  }
  assertThrows(() => expand(["#for t in 0..1", "#end", "${t}"]), SyntaxError, 'unknown name "t"');
});

Deno.test("the values that were given stay as they are", () => {
  const values = { n: 5 };
  assertEquals(expand(["#let n = 1", "${n}"], values), ["1"]);
  assertEquals(values, { n: 5 });
});

const EXPRESSIONS: [expression: string, expected: string][] = [
  ["12", "12"],
  ["steps_2", "40"],
  ["yes", "1"],
  ["no", "0"],
  ["1+2*3", "7"],
  ["(1+2)*3", "9"],
  ["((n))", "5"],
  ["7 - 2 - 1", "4"],
  ["7 - (2 - 1)", "6"],
  ["2 * 7 % 4", "2"],
  ["100 / 5 / 2", "10"],
  ["7 / 2", "3"],
  ["-7 / 2", "-4"],
  ["7 / -2", "-4"],
  ["(n + 31) / 32", "1"],
  ["7 / 2 * 2", "6"],
  ["33 % 32", "1"],
  ["-n", "-5"],
  ["--n", "5"],
  ["3 - -n", "8"],
  ["-n * 2 + 1", "-9"],
  ["-(n + 1)", "-6"],
  ["!n", "0"],
  ["!no", "1"],
  ["!!n", "1"],
  ["!n + 1", "1"],
  ["!(n == 5)", "0"],
  ["-!no", "-1"],
  ["2 < 3", "1"],
  ["3 < 3", "0"],
  ["3 <= 3", "1"],
  ["3 > 3", "0"],
  ["3 >= 3", "1"],
  ["3 == 3", "1"],
  ["3 != 3", "0"],
  ["1 + 1 == 2", "1"],
  ["n - 5 < n * 2", "1"],
  ["yes && no", "0"],
  ["n && yes", "1"],
  ["no || n", "1"],
  ["no || no", "0"],
  ["1 || 0 && 0", "1"],
  ["(1 || 0) && 0", "0"],
  ["1 < 2 && 2 < 1 || 3 == 3", "1"],
  ["min(n, 3)", "3"],
  ["max(n, 3)", "5"],
  ["min( n-7 , -n )", "-5"],
  ["max(min(n, 9), 2 * (1 + 2)) + 1", "7"],
  ["-max(1, 2) * 2", "-4"],
];
for (const [expression, expected] of EXPRESSIONS) {
  Deno.test(`${expression} is ${expected}`, () => {
    const values = { n: 5, steps_2: 40, yes: true, no: false };
    assertEquals(valueOf(expression, values), expected);
  });
}

const MALFORMED: [expression: string, part: string][] = [
  ["", "a value is missing"],
  ["n +", "a value is missing"],
  ["-", "a value is missing"],
  ["n * * 2", 'unknown name "*"'],
  ["n 2", '"2" has no place'],
  ["2n", '"n" has no place'],
  ["1.5", '"." has no place'],
  ["n = 2", '"=" has no place'],
  ["n & 1", '"&" has no place'],
  ["n)", '")" has no place'],
  ["(n", '")" is missing'],
  ["(n + (2)", '")" is missing'],
  ["(n 2)", '")" is missing'],
  ["()", 'unknown name ")"'],
  ["min(n, 2", '")" is missing'],
  ["min(n)", '"," is missing'],
  ["max n, 2", '"(" is missing'],
  ["max(1, 2, 3)", '")" is missing'],
  ["m", 'unknown name "m"'],
  ["n + toString", 'unknown name "toString"'],
  ["N", 'unknown name "N"'],
];
for (const [expression, part] of MALFORMED) {
  Deno.test(`the expression ${JSON.stringify(expression)} is refused`, () => {
    const { message } = assertThrows(
      () => expand(["a", "b", "let c = ${" + expression + "};"], { n: 5 }),
      SyntaxError,
    );
    assertEquals(
      message,
      `Cannot expand the kernel template, line 3: ${part} in "${expression}"`,
    );
  });
}

const REFUSED: [what: string, template: string[], line: number, part: string][] = [
  ["a #for without #end", ["a", "#for t in 0..2", "b"], 2, '"#for t in 0..2" has no #end'],
  ["an #if without #end", ["#if 1", "a", "#else", "b"], 1, '"#if 1" has no #end'],
  [
    "an outer block without #end",
    ["#for t in 0..2", "#if 1", "a", "#end"],
    1,
    '"#for t in 0..2" has no #end',
  ],
  ["an #end too many", ["#if 1", "#end", "a", "  #end"], 4, '"#end" has no place here'],
  ["an #else outside any #if", ["a", "#else"], 2, '"#else" has no place here'],
  [
    "an #else of a #for",
    ["#for t in 0..2", "a", "#else", "b", "#end"],
    3,
    '"#else" has no place here',
  ],
  [
    "a second #else",
    ["#if 1", "a", "#else", "b", "#else", "c", "#end"],
    3,
    '"#else" has no place here',
  ],
  ["an unknown directive", ["a", "#while n"], 2, '"#while n" has no place here'],
  ["a directive of another case", ["#If 1", "#end"], 1, '"#If 1" has no place here'],
  ["a #for without a range", ["#for t in 3", "#end"], 1, '"#for t in 3" has no place here'],
  ["a #for without a name", ["#for 0..3", "#end"], 1, '"#for 0..3" has no place here'],
  ["a #let without a value", ["#let m"], 1, '"#let m" has no place here'],
  ["an #if without a value", ["#if", "#end"], 1, '"#if" has no place here'],
  ["an unknown name of a #for", ["a", "#for t in 0..m", "#end"], 2, 'unknown name "m" in "m"'],
  ["an unknown name of an #if", ["#if m", "#end"], 1, 'unknown name "m" in "m"'],
  ["an unknown name of a #let", ["", "", "#let k = m + 1"], 3, 'unknown name "m" in "m + 1"'],
  [
    "an unknown name deep inside",
    ["#for t in 0..2", "#if 1", "#let k = t", "#for u in 0..1", "${k + m}", "#end", "#end", "#end"],
    5,
    'unknown name "m" in "k + m"',
  ],
  ["an unknown name after #else", ["#if 0", "a", "#else", "${m}", "#end"], 4, 'unknown name "m"'],
  ["an unknown name after a loop", ["#for t in 0..9", "a", "#end", "${t}"], 4, 'unknown name "t"'],
];
for (const [what, template, line, part] of REFUSED) {
  Deno.test(`${what} is refused with its line`, () => {
    const { message } = assertThrows(() => expand(template, { n: 5 }), SyntaxError);
    const start = `Cannot expand the kernel template, line ${line}: `;
    assert(message.startsWith(start), message);
    assertStringIncludes(message, part);
  });
}

Deno.test("expandTemplate() includes other templates and numbers bindings", () => {
  const includes = {
    "lib/a": "#binding var<uniform> a: u32;\n#include lib/b\n",
    "lib/b": "b ${n}",
  };
  assertEquals(
    expandTemplate("#include lib/a\n#binding var<storage, read> c: u32;", { n: 3 }, includes).code,
    "@group(0) @binding(0) var<uniform> a: u32;\nb 3\n@group(0) @binding(1) var<storage, read> c: u32;",
  );
  assertThrows(() => expandTemplate("#include d", {}, includes), SyntaxError, "lib/a, lib/b");
});

Deno.test("expandTemplate() reads lines that end in CR LF", () => {
  assertEquals(expandTemplate("#if n\r\na\r\n#end\r\n", { n: 1 }).code, "a\n");
});

Deno.test("expandTemplate() refuses an open expression and a division by zero", () => {
  assertThrows(() => expandTemplate("${n", { n: 1 }), SyntaxError, "line 1");
  assertThrows(() => expandTemplate("${n / 0}", { n: 1 }), SyntaxError, "division by zero");
});

Deno.test("expandTemplate() says which textures hold a copy, and of what", () => {
  const template = [
    "#binding var<uniform> step: Step;",
    "#reads weights: f32;",
    "#updates moments: vec4<f32>;",
    "#reads words: vec4<u32>;",
    "#reads labels: u32;",
  ].join("\n");
  const read = expandTemplate(template, { texture_reads: true, storage_textures: true });
  assertEquals([...read.copies], [[1, "weights"], [2, "moments"], [4, "words"], [5, "labels"]]);
  for (
    const line of [
      "@group(0) @binding(1) var weights_copy: texture_storage_2d<rgba32uint, read>;",
      "@group(0) @binding(2) var moments_copy: texture_storage_2d<rgba32uint, read>;",
      "@group(0) @binding(3) var<storage, read_write> moments: array<vec4<f32>>;",
      "fn words_at(i: u32) -> vec4<u32> {",
    ]
  ) assertStringIncludes(read.code, line);
  const plain = expandTemplate(template, { texture_reads: false });
  assertEquals(plain.copies.size, 0);
  for (
    const line of [
      "@group(0) @binding(1) var<storage, read> weights: array<f32>;",
      "@group(0) @binding(2) var<storage, read_write> moments: array<vec4<f32>>;",
      "@group(0) @binding(4) var<storage, read> labels: array<u32>;",
    ]
  ) assertStringIncludes(plain.code, line);
});

Deno.test("expandTemplate() reads texels of a storage texture or of a sampled one", () => {
  const texels = (storage_textures: boolean) =>
    expandTemplate("#texels entries;  // [n]", { storage_textures });
  for (
    const [storage, type, level] of [
      [true, "texture_storage_2d<rgba32uint, read>", ""],
      [false, "texture_2d<u32>", ", 0"],
    ] as const
  ) {
    const { code, copies } = texels(storage);
    assertEquals(copies.size, 0);
    assertEquals(code.split("\n"), [
      `@group(0) @binding(0) var entries: ${type};`,
      "fn entries_texel(i: u32) -> vec4<u32> {",
      `  return textureLoad(entries, vec2<u32>(i & 8191u, i >> 13u)${level});`,
      "}",
    ]);
  }
});

Deno.test("a directive's line is counted once", () => {
  const template = "#reads x: f32;\n${m}";
  const { message } = assertThrows(
    () => expandTemplate(template, { texture_reads: true, storage_textures: false }),
    SyntaxError,
  );
  assertStringIncludes(message, "line 2: ");
});

Deno.test("a template that includes itself is refused", () => {
  const includes = { a: "#include b", b: "#include a" };
  assertThrows(
    () => expandTemplate("#include a", {}, includes),
    SyntaxError,
    '"a" includes itself: a includes b includes a',
  );
});
