import { assertEquals, assertStrictEquals } from "@std/assert";
import { parseArgs, type ParseOptions } from "@std/cli/parse-args";

/** Parses arguments to a value of no type, so that it compares with any other. */
function parse(args: string[], options: ParseOptions = {}): unknown {
  return parseArgs(args, options);
}

Deno.test("parseArgs() sorts options from other arguments", () => {
  assertEquals(parse([]), { _: [] });
  assertEquals(parse(["train", "--bias", "-v", "--tau=2.5"]), {
    _: ["train"],
    bias: true,
    v: true,
    tau: 2.5,
  });
  assertEquals(parse(["a", "-", "7"]), { _: ["a", "-", 7] });
});

Deno.test("parseArgs() finds values in each of their places", () => {
  const options = { string: ["out", "n"] };
  assertEquals(parse(["--out", "x"], options), { _: [], out: "x" });
  assertEquals(parse(["--out=x=y"], options), { _: [], out: "x=y" });
  assertEquals(parse(["-n", "5"], options), { _: [], n: "5" });
  assertEquals(parse(["-n5"], options), { _: [], n: "5" });
  assertEquals(parse(["-n=5"], options), { _: [], n: "5" });
  assertEquals(parse(["-n", "-"], options), { _: [], n: "-" });
  assertEquals(parse(["-vn", "5"], options), { _: [], v: true, n: "5" });
});

Deno.test("parseArgs() does not take options and a dash for values", () => {
  const options = { string: ["out"] };
  assertEquals(parse(["--out"], options), { _: [], out: "" });
  assertEquals(parse(["--out", "--v"], options), {
    _: [],
    out: "",
    v: true,
  });
  assertEquals(parse(["--out", "-"], options), { _: ["-"], out: "" });
  assertEquals(parse(["--seed", "-1"], { string: ["seed"] }), {
    _: [],
    seed: "",
    1: true,
  });
  assertEquals(parse(["--seed=-1"], { string: ["seed"] }), {
    _: [],
    seed: "-1",
  });
});

Deno.test("parseArgs() makes numbers of what looks like them", () => {
  assertEquals(
    parse(["1e3", "--a", "0x10", "--b=-.5", "--c=1.2.3", "--d", "5s"]),
    { _: [1000], a: 16, b: -0.5, c: "1.2.3", d: "5s" },
  );
  assertEquals(parse(["--tau=2.0"], { string: "tau" }), {
    _: [],
    tau: "2.0",
  });
  assertEquals(parse(["007"], { string: ["_"] }), { _: ["007"] });
});

Deno.test("parseArgs() reads switches", () => {
  const options = { boolean: ["bias", "v"] };
  assertEquals(parse([], options), { _: [], bias: false, v: false });
  assertEquals(parse(["--bias", "x", "-v", "y"], options), {
    _: ["x", "y"],
    bias: true,
    v: true,
  });
  assertEquals(parse(["--bias=false", "-v", "true"], options), {
    _: [],
    bias: false,
    v: true,
  });
  assertEquals(parse(["--bias", "false"], options), {
    _: [],
    bias: false,
    v: false,
  });
});

Deno.test("parseArgs() makes a switch of each option", () => {
  assertEquals(parse(["--a", "x", "--b=y"], { boolean: true }), {
    _: ["x"],
    a: true,
    b: "y",
  });
});

Deno.test("parseArgs() splits grouped letters", () => {
  assertEquals(parse(["-abc"]), { _: [], a: true, b: true, c: true });
  assertEquals(parse(["-ab", "x"]), { _: [], a: true, b: "x" });
});

Deno.test("parseArgs() lets the last value count", () => {
  assertEquals(parse(["--a", "x", "--a=y"]), { _: [], a: "y" });
  assertEquals(parse(["--a", "x", "--a"]), { _: [], a: true });
  assertEquals(parse(["-a5", "-a", "6"]), { _: [], a: 6 });
});

Deno.test("parseArgs() collects values", () => {
  const options = { string: ["device"], collect: ["device"] };
  assertEquals(parse([], options), { _: [], device: [] });
  assertEquals(parse(["--device=a"], options), { _: [], device: ["a"] });
  assertEquals(parse(["--device=a", "--device", "b"], options), {
    _: [],
    device: ["a", "b"],
  });
  assertEquals(parse(["--a", "--a=1"], { collect: ["a"] }), {
    _: [],
    a: [true, 1],
  });
});

Deno.test("parseArgs() negates what may be negated", () => {
  const options = { boolean: ["bias"], negatable: ["bias"] };
  assertEquals(parse(["--no-bias"], options), { _: [], bias: false });
  assertEquals(parse(["--no-bias", "x"], options), {
    _: ["x"],
    bias: false,
  });
  assertEquals(parse(["--no-bias", "--bias"], options), {
    _: [],
    bias: true,
  });
  assertEquals(parse(["--no-bias=true"], options), { _: [], bias: true });
  assertEquals(
    parse(["--no-bias"], { boolean: ["bias"], default: { bias: true } }),
    { _: [], bias: true, "no-bias": true },
  );
  assertEquals(
    parse(["--no-bias"], { ...options, default: { bias: true } }),
    { _: [], bias: false },
  );
});

Deno.test("parseArgs() knows options by each of their names", () => {
  const options = {
    string: ["batch-size"],
    boolean: ["help"],
    alias: { "batch-size": ["b", "batch"], help: "h" },
  };
  assertEquals(parse(["-b", "5", "-h", "x"], options), {
    _: ["x"],
    "batch-size": "5",
    b: "5",
    batch: "5",
    help: true,
    h: true,
  });
  assertEquals(parse(["--batch-size=5"], options), {
    _: [],
    "batch-size": "5",
    b: "5",
    batch: "5",
    help: false,
    h: false,
  });
});

Deno.test("parseArgs() fills in defaults", () => {
  const options = {
    string: ["tau"],
    boolean: ["bias"],
    alias: { tau: "t" },
    default: { tau: "2", bias: true, names: ["a", "b"] },
  };
  assertEquals(parse([], options), {
    _: [],
    tau: "2",
    t: "2",
    bias: true,
    names: ["a", "b"],
  });
  assertEquals(parse(["-t", "3", "--bias=false"], options), {
    _: [],
    tau: "3",
    t: "3",
    bias: false,
    names: ["a", "b"],
  });
});

Deno.test("parseArgs() stops at the first other argument", () => {
  assertEquals(parse(["-v", "--a=1", "train", "--b", "2"]), {
    _: ["train"],
    v: true,
    a: 1,
    b: 2,
  });
  assertEquals(
    parse(["--a=1", "train", "--b", "2"], { stopEarly: true }),
    { _: ["train", "--b", "2"], a: 1 },
  );
});

Deno.test("parseArgs() leaves what follows -- alone", () => {
  assertEquals(parse(["--a", "--", "--b", "1"]), {
    _: ["--b", "1"],
    a: true,
  });
  const args = parseArgs(["x", "--", "--b", "1"], { "--": true });
  const rest: string[] = args["--"];
  assertEquals(rest, ["--b", "1"]);
  assertEquals(args._, ["x"]);
  assertEquals(parse([], { "--": true }), { _: [], "--": [] });
});

Deno.test("parseArgs() reports unknown arguments", () => {
  const seen: unknown[][] = [];
  const args = parse(
    ["x", "--a", "1", "--typo=007", "-z", "--known", "y"],
    {
      string: ["known"],
      alias: { a: "b" },
      unknown: (arg, key, value) => {
        seen.push([arg, key, value]);
        return arg !== "--typo=007";
      },
    },
  );
  assertEquals(seen, [
    ["x", undefined, undefined],
    ["--typo=007", "typo", "007"],
    ["-z", "z", true],
  ]);
  assertEquals(args, { _: ["x"], a: 1, b: 1, z: true, known: "y" });
  assertEquals(parse(["x", "--a"], { unknown: () => false }), { _: [] });
});

Deno.test("parseArgs() takes tables of options made at run time", () => {
  const table = [
    { name: "tau", isSwitch: false },
    { name: "bias", isSwitch: true },
  ];
  const names = (isSwitch: boolean): string[] =>
    table.filter((option) => option.isSwitch === isSwitch)
      .map((option) => option.name);
  const args: Record<string, unknown> = parseArgs(["--tau=2.0", "--bias"], {
    string: names(false),
    boolean: names(true),
  });
  assertStrictEquals(args["tau"], "2.0");
  assertStrictEquals(args["bias"], true);
});
