import { NoAnswerError, TIME_LIMIT_SECONDS } from "../../gpu/time_limit.ts";

/** What ends a process at once: exiting as usual waits for what the driver holds. */
const EXITS: Partial<Record<typeof Deno.build.os, string>> = {
  linux: "libc.so.6",
  darwin: "libSystem.B.dylib",
};
/** Names the seconds that a driver may take. */
const VARIABLE = "GALVANI_DRIVER_SECONDS";

/**
 * Where the function stands that ends the process. It is looked up before the driver is: a driver
 * that is being loaded keeps the loader, from all threads.
 */
function exitAddress(): bigint | undefined {
  const library = EXITS[Deno.build.os];
  if (!library) return;
  if (Deno.permissions.querySync({ name: "ffi", path: library }).state !== "granted") return;
  const { symbols } = Deno.dlopen(library, { _exit: { type: "pointer" } });
  return Deno.UnsafePointer.value(symbols._exit);
}

/** The watch for so many seconds, as it runs on a thread of its own. */
const watchFor = (seconds: number, address: bigint | undefined) => `
// Without the permission only the message can be had.
const exit = ${
  address === undefined ? "() => {}" : `(code) => new Deno.UnsafeFnPointer(
    Deno.UnsafePointer.create(${address}n),
    { parameters: ["i32"], result: "void" },
  ).call(code)`
};
const timer = setTimeout(() => {
  console.error(
    "error: Cannot find a GPU adapter as the driver gave no answer within ${seconds} s: " +
      "restart the machine, or choose another driver (VK_DRIVER_FILES=FILE.json)",
  );
  exit(1);
}, ${seconds * 1000});
self.onmessage = () => {
  clearTimeout(timer);
  setTimeout(() => exit(1), 1000);
};
self.postMessage("ready");
`;

/**
 * Opens a device, and ends the process if its driver never answers: a driver may hold the main thread
 * for good, and its locks at the exit. Where `--allow-ffi` is missing, that is only said. The
 * variable `GALVANI_DRIVER_SECONDS` sets how long the driver may take, where it may be read.
 *
 * @param open Opens it; a driver that leaves it the thread may take so many seconds.
 * @returns What it gave.
 */
export async function watchDriver<T>(open: (timeLimit: number) => Promise<T>): Promise<T> {
  const timeLimit = timeLimitOf();
  // Longer than the library waits for a driver that leaves it the thread.
  const watch = watchFor(Math.ceil(timeLimit * 7 / 6), exitAddress());
  const url = `data:text/javascript,${encodeURIComponent(watch)}`;
  const worker = new Worker(url, { type: "module" });
  // A driver that is being loaded keeps the loader from all threads, and so from one that starts: of
  // ten watches on a busy machine two never ran.
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  worker.onmessage = () => resolve();
  await ready;
  let hangs = false;
  try {
    return await open(timeLimit);
  } catch (error) {
    hangs = error instanceof NoAnswerError;
    throw error;
  } finally {
    // If it hangs, there is time to write the error.
    if (hangs) worker.postMessage("end");
    else worker.terminate();
  }
}

/** Seconds that a driver may take. */
function timeLimitOf(): number {
  const { state } = Deno.permissions.querySync({ name: "env", variable: VARIABLE });
  const text = state === "granted" ? Deno.env.get(VARIABLE) : undefined;
  if (!text) return TIME_LIMIT_SECONDS;
  const seconds = Number(text);
  // A day at most: timers can't wait for months.
  if (!(seconds > 0 && seconds <= 86_400)) {
    throw new RangeError(
      `Cannot wait for a driver as ${VARIABLE} must be a number of seconds, more than 0 and at most ` +
        `86400: current value is ${JSON.stringify(text)}`,
    );
  }
  return seconds;
}
