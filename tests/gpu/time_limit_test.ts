import { assertEquals, assertRejects } from "@std/assert";
import { Gpu, GpuUnavailableError } from "../../mod.ts";
import { withinTimeLimit } from "../../src/gpu/time_limit.ts";

const never = () => new Promise<never>(() => {});

/** Takes the place of a method, until it is disposed of. */
function replace<K extends string>(
  object: Record<K, unknown>,
  name: K,
  stand: () => unknown,
): Disposable {
  const own = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, { value: stand, configurable: true, writable: true });
  return {
    [Symbol.dispose]: () => {
      if (own) Object.defineProperty(object, name, own);
      else Reflect.deleteProperty(object, name);
    },
  };
}

Deno.test("a driver may be given less time to find, open and use a device", async (t) => {
  // The first request of a thread finds the drivers, which takes its time.
  using _gpu = await Gpu.request();
  const hanging: [string, RegExp, () => Disposable][] = [
    ["find", /^Cannot find a GPU/, () => replace(navigator.gpu, "requestAdapter", never)],
    ["open", /^Cannot open /, () => replace(GPUAdapter.prototype, "requestDevice", never)],
    ["use", /^Cannot use /, () => replace(GPUBuffer.prototype, "mapAsync", never)],
  ];
  for (const [what, message, hang] of hanging) {
    await t.step(what, async () => {
      using _hang = hang();
      const request = () => Gpu.request({ timeLimit: 1.5 });
      const error = await assertRejects(request, GpuUnavailableError, "no answer within 1.5 s");
      assertEquals(message.test(error.message), true, error.message);
    });
  }
});

Deno.test("a time limit that is none is refused", async () => {
  for (const timeLimit of [0, -1, NaN, Infinity]) {
    await assertRejects(
      () => Gpu.request({ timeLimit }),
      RangeError,
      "Cannot find a GPU adapter as timeLimit must be a finite number greater than 0: " +
        `current value is ${timeLimit}`,
    );
  }
});

Deno.test("a time limit of months doesn't pass at once", async () => {
  const late = new Promise<string>((resolve) => setTimeout(() => resolve("late"), 20));
  assertEquals(await withinTimeLimit("wait", late, 1e7), "late");
});
