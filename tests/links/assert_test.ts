import {
  assert,
  assertAlmostEquals,
  assertArrayIncludes,
  assertEquals,
  assertExists,
  assertGreater,
  assertGreaterOrEqual,
  assertInstanceOf,
  AssertionError,
  assertLess,
  assertLessOrEqual,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
  fail,
} from "@std/assert";

/** The message of the assertion that fails in `fn`, without its colours. */
function messageOf(fn: () => void): string {
  try {
    fn();
  } catch (error) {
    if (error instanceof AssertionError) {
      // deno-lint-ignore no-control-regex
      return error.message.replaceAll(/\x1b\[\d+m/g, "");
    }
    throw error;
  }
  throw new Error("The assertion held");
}

async function rejectionOf(fn: () => Promise<unknown>): Promise<string> {
  try {
    await fn();
  } catch (error) {
    if (error instanceof AssertionError) return error.message;
    throw error;
  }
  throw new Error("The assertion held");
}

/** Asserts that two values are equal, or not, whichever comes first. */
function assertEquality(isEqual: boolean, a: unknown, b: unknown): void {
  const [holds, fails] = isEqual
    ? [assertEquals, assertNotEquals]
    : [assertNotEquals, assertEquals];
  holds(a, b);
  holds(b, a);
  messageOf(() => fails(a, b));
  messageOf(() => fails(b, a));
}

Deno.test("AssertionError is an Error with its own name", () => {
  const error = new AssertionError("no");
  assert(error instanceof Error);
  assertEquals([error.name, error.message], ["AssertionError", "no"]);
});

Deno.test("assert() takes truthy values", () => {
  assert(1);
  assertEquals(messageOf(() => assert(0)), "");
  assertEquals(messageOf(() => assert("", "empty")), "empty");
});

Deno.test("assert() narrows types", () => {
  const value: string | undefined = ["a"].at(0);
  assert(value !== undefined);
  const text: string = value;
  assertEquals(text, "a");
});

Deno.test("assertEquals() compares primitives", () => {
  assertEquality(true, 1, 1);
  assertEquality(true, NaN, NaN);
  assertEquality(true, 0, -0);
  assertEquality(true, 3n, 3n);
  assertEquality(false, 1, 2);
  assertEquality(false, 1, "1");
  assertEquality(false, null, undefined);
  assertEquality(false, Symbol("a"), Symbol("a"));
});

Deno.test("assertEquals() compares objects and arrays deeply", () => {
  assertEquality(true, { a: [1, { b: 2 }] }, { a: [1, { b: 2 }] });
  assertEquality(true, { a: 1, b: 2 }, { b: 2, a: 1 });
  assertEquality(true, [0], [-0]);
  assertEquality(
    true,
    Object.assign(Object.create(null), { a: 1 }),
    { a: 1 },
  );
  assertEquality(false, { a: [1, { b: 2 }] }, { a: [1, { b: 3 }] });
  assertEquality(false, { a: undefined }, {});
  assertEquality(false, { a: undefined }, { b: undefined });
  assertEquality(false, [1, 2], [1, 2, 3]);
  assertEquality(false, [1, 2], { 0: 1, 1: 2 });
  assertEquality(false, {}, null);
});

Deno.test("assertEquals() compares typed arrays and buffers", () => {
  assertEquality(true, new Uint8Array([1, 2]), new Uint8Array([1, 2]));
  assertEquality(true, new Float32Array([NaN]), new Float32Array([NaN]));
  assertEquality(true, new Float32Array([0]), new Float32Array([-0]));
  assertEquality(
    true,
    new Uint8Array([0, 1, 2]).subarray(1),
    new Uint8Array([1, 2]),
  );
  assertEquality(false, new Uint8Array([1, 2]), new Uint8Array([1, 3]));
  assertEquality(false, new Uint8Array([1, 2]), new Uint8Array([1]));
  assertEquality(false, new Uint8Array([1, 2]), new Int8Array([1, 2]));
  assertEquality(false, new Uint8Array([1, 2]), [1, 2]);
  assertEquality(
    true,
    new Uint8Array([1, 2]).buffer,
    new Uint8Array([1, 2]).buffer,
  );
  assertEquality(
    false,
    new Uint8Array([1, 2]).buffer,
    new Uint8Array([1, 3]).buffer,
  );
});

Deno.test("assertEquals() compares sets and maps", () => {
  assertEquality(true, new Set([1, 2]), new Set([2, 1]));
  assertEquality(
    true,
    new Set([{ a: 1 }, { b: 1 }]),
    new Set([{ b: 1 }, { a: 1 }]),
  );
  assertEquality(false, new Set([1, 2]), new Set([1, 3]));
  assertEquality(false, new Set([1]), new Set([1, 2]));
  assertEquality(true, new Map([["a", [1]]]), new Map([["a", [1]]]));
  assertEquality(true, new Map([[{ a: 1 }, 1]]), new Map([[{ a: 1 }, 1]]));
  assertEquality(false, new Map([["a", [1]]]), new Map([["a", [2]]]));
  assertEquality(false, new Map([["a", 1]]), new Map([["b", 1]]));
});

Deno.test("assertEquals() compares dates, patterns and addresses", () => {
  assertEquality(true, new Date(5), new Date(5));
  assertEquality(true, new Date(NaN), new Date(NaN));
  assertEquality(false, new Date(5), new Date(6));
  assertEquality(true, /a/g, /a/g);
  assertEquality(false, /a/g, /a/);
  assertEquality(true, new URL("file:///a"), new URL("file:///a"));
  assertEquality(false, new URL("file:///a"), new URL("file:///b"));
});

Deno.test("assertEquals() compares instances of classes", () => {
  class Point {
    constructor(readonly x: number) {}
    get double() {
      return this.x * 2;
    }
  }
  class Other {
    constructor(readonly x: number) {}
  }
  assertEquality(true, new Point(1), new Point(1));
  assertEquality(false, new Point(1), new Point(2));
  assertEquality(false, new Point(1), new Other(1));
  assertEquality(false, new Point(1), { x: 1 });
});

Deno.test("assertEquals() compares circular objects", () => {
  const ring = (name: string) => {
    const object: Record<string, unknown> = { name };
    return Object.assign(object, { self: object });
  };
  assertEquality(true, ring("a"), ring("a"));
  assertEquality(false, ring("a"), ring("b"));
});

Deno.test("assertEquals() and assertNotEquals() say what differs", () => {
  const message = messageOf(() => assertEquals([1, 25], [1, 36]));
  assertMatch(message, /^Values are not equal\.\n/);
  assertStringIncludes(message, "25");
  assertStringIncludes(message, "36");
  assertMatch(
    messageOf(() => assertEquals(1, 2, "weights")),
    /^Values are not equal: weights\n/,
  );
  assertEquals(
    messageOf(() => assertNotEquals(1, 1)),
    "Expected actual: 1 not to be: 1.",
  );
  assertEquals(
    messageOf(() => assertNotEquals(1, 1, "seeds")),
    "Expected actual: 1 not to be: 1: seeds",
  );
});

Deno.test("assertStrictEquals() compares identities", () => {
  const object = {};
  assertStrictEquals(object, object);
  assertStrictEquals(NaN, NaN);
  assertMatch(
    messageOf(() => assertStrictEquals({ a: 1 }, { a: 1 })),
    /^Values have the same structure but are not reference-equal\.\n/,
  );
  assertMatch(
    messageOf(() => assertStrictEquals(1, 2, "counts")),
    /^Values are not strictly equal: counts\n/,
  );
  messageOf(() => assertStrictEquals(0, -0));
});

Deno.test("assertAlmostEquals() compares within a tolerance", () => {
  assertAlmostEquals(0.1 + 0.2, 0.3);
  assertAlmostEquals(1 + 1e-8, 1);
  assertAlmostEquals(-1, -1.05, 0.1);
  assertAlmostEquals(NaN, NaN);
  assertAlmostEquals(Infinity, Infinity);
  messageOf(() => assertAlmostEquals(1 + 1e-6, 1));
  messageOf(() => assertAlmostEquals(1e-8, 0));
  messageOf(() => assertAlmostEquals(NaN, 1, 10));
  messageOf(() => assertAlmostEquals(Infinity, 1, 10));
  assertEquals(
    messageOf(() => assertAlmostEquals(1, 2)),
    'Expected actual: "1" to be close to "2": delta "1" is greater than "2e-7".',
  );
  assertMatch(
    messageOf(() => assertAlmostEquals(1, 2, 0.5, "loss")),
    /greater than "5e-1": loss$/,
  );
});

Deno.test("assertArrayIncludes() finds elements in any order", () => {
  assertArrayIncludes([1, 2, 3], [3, 1]);
  assertArrayIncludes([{ a: 1 }, { b: 2 }], [{ b: 2 }]);
  assertArrayIncludes(new Uint8Array([1, 2]), new Uint8Array([2]));
  assertArrayIncludes([1], []);
  assertMatch(
    messageOf(() => assertArrayIncludes([1, 2], [2, 3], "names")),
    /: names\nmissing: \[\s*3,?\s*\]$/,
  );
});

Deno.test("assertGreater() and its kin compare by order", () => {
  assertGreater(2, 1);
  assertGreaterOrEqual(1, 1);
  assertLess("a", "b");
  assertLessOrEqual(1n, 1n);
  assertEquals(messageOf(() => assertGreater(1, 1)), "Expect 1 > 1");
  assertEquals(messageOf(() => assertGreaterOrEqual(0, 1)), "Expect 0 >= 1");
  assertEquals(messageOf(() => assertLess(1, 1)), "Expect 1 < 1");
  assertEquals(messageOf(() => assertLessOrEqual(2, 1)), "Expect 2 <= 1");
  assertEquals(messageOf(() => assertLess(1, 1, "loss")), "loss");
  messageOf(() => assertGreater(NaN, 1));
  messageOf(() => assertLessOrEqual(NaN, NaN));
});

Deno.test("assertExists() takes all but null and undefined", () => {
  assertExists(0);
  assertExists("");
  assertEquals(
    messageOf(() => assertExists(null)),
    'Expected actual: "null" to not be null or undefined.',
  );
  assertEquals(
    messageOf(() => assertExists(undefined, "label")),
    'Expected actual: "undefined" to not be null or undefined: label',
  );
});

Deno.test("assertStringIncludes() and assertMatch() look into texts", () => {
  assertStringIncludes("spikes", "ike");
  assertMatch("T = 100", /\d/);
  assertEquals(
    messageOf(() => assertStringIncludes("spikes", "volt", "unit")),
    'Expected actual: "spikes" to contain: "volt": unit',
  );
  assertEquals(
    messageOf(() => assertMatch("spikes", /\d/)),
    'Expected actual: "spikes" to match: "/\\d/".',
  );
});

Deno.test("assertInstanceOf() checks and narrows", () => {
  const value: unknown = new Float32Array([1, 2]);
  assertInstanceOf(value, Float32Array);
  assertEquals(value.length, 2);
  assertEquals(
    messageOf(() => assertInstanceOf(null, Date)),
    'Expected object to be an instance of "Date" but was "null".',
  );
  assertEquals(
    messageOf(() => assertInstanceOf(3, Date, "epoch")),
    'Expected object to be an instance of "Date" but was "number": epoch',
  );
  assertEquals(
    messageOf(() => assertInstanceOf(Date, Date)),
    'Expected object to be an instance of "Date" but was not an instanced object.',
  );
});

Deno.test("assertThrows() returns what is thrown", () => {
  const error = new RangeError("tau must be greater than 1");
  const throwing = () => {
    throw error;
  };
  assertStrictEquals(assertThrows(throwing), error);
  assertStrictEquals(assertThrows(throwing, "message"), error);
  const typed: RangeError = assertThrows(throwing, RangeError, "greater than");
  assertStrictEquals(typed, error);
  assertStrictEquals(assertThrows(throwing, Error), error);
});

Deno.test("assertThrows() fails on anything else", () => {
  const throwing = () => {
    throw new RangeError("tau");
  };
  assertEquals(
    messageOf(() => assertThrows(() => {})),
    "Expected function to throw.",
  );
  assertEquals(
    messageOf(() => assertThrows(() => {}, "checks")),
    "Expected function to throw: checks",
  );
  assertEquals(
    messageOf(() => assertThrows(() => {}, Error, "", "checks")),
    "Expected function to throw: checks",
  );
  assertEquals(
    messageOf(() => assertThrows(throwing, TypeError)),
    'Expected error to be instance of "TypeError", but was "RangeError".',
  );
  assertEquals(
    messageOf(() => assertThrows(throwing, RangeError, "v", "checks")),
    'Expected error message to include "v", but got "tau": checks',
  );
  assertEquals(
    messageOf(() =>
      assertThrows(() => {
        throw "text";
      }, Error)
    ),
    "A non-Error object was thrown.",
  );
});

Deno.test("assertRejects() resolves to what the promise rejects with", async () => {
  const error = new RangeError("tau must be greater than 1");
  const rejecting = () => Promise.reject(error);
  assertStrictEquals(await assertRejects(rejecting), error);
  assertStrictEquals(await assertRejects(rejecting, "message"), error);
  const typed: RangeError = await assertRejects(rejecting, RangeError, "tau");
  assertStrictEquals(typed, error);
});

Deno.test("assertRejects() fails on anything else", async () => {
  const rejecting = () => Promise.reject(new RangeError("tau"));
  assertEquals(
    await rejectionOf(() => assertRejects(() => Promise.resolve())),
    "Expected function to reject.",
  );
  assertEquals(
    await rejectionOf(() => assertRejects(() => Promise.resolve(), "checks")),
    "Expected function to reject: checks",
  );
  assertEquals(
    await rejectionOf(() =>
      assertRejects(() => {
        throw new Error("at once");
      })
    ),
    "Function throws when expected to reject.",
  );
  assertEquals(
    await rejectionOf(() => assertRejects(rejecting, TypeError)),
    'Expected error to be instance of "TypeError", but was "RangeError".',
  );
  assertEquals(
    await rejectionOf(() => assertRejects(rejecting, RangeError, "v")),
    'Expected error message to include "v", but got "tau".',
  );
  assertEquals(
    await rejectionOf(() => assertRejects(() => Promise.reject("text"), Error)),
    "A non-Error object was rejected.",
  );
});

Deno.test("fail() fails", () => {
  assertEquals(messageOf(() => fail()), "Failed assertion.");
  assertEquals(messageOf(() => fail("why")), "Failed assertion: why");
});
