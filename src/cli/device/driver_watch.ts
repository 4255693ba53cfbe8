import { NoAnswerError, TIME_LIMIT_SECONDS } from "../../gpu/time_limit.ts";

/** What ends a process at once: exiting as usual waits for what the driver holds. */
const EXITS: Partial<Record<typeof Deno.build.os, string>> = {
  linux: "libc.so.6",
  darwin: "libSystem.B.dylib",
};
/** Longer than the library waits for a driver that leaves it the thread. */
const SECONDS = TIME_LIMIT_SECONDS + 5;

/** The watch, as it runs on a thread of its own. */
const WATCH = `
// Loaded now, since a driver that is being loaded may keep the loader, too.
// Without the permission only the message can be had.
let exit = () => {};
const library = ${JSON.stringify(EXITS)}[Deno.build.os];
if (library && Deno.permissions.querySync({ name: "ffi", path: library }).state === "granted") {
  const symbols = { _exit: { parameters: ["i32"], result: "void" } };
  exit = Deno.dlopen(library, symbols).symbols._exit;
}
const timer = setTimeout(() => {
  console.error(
    "error: Cannot find a GPU adapter as the driver gave no answer within ${SECONDS} s: " +
      "restart the machine, or choose another driver (VK_DRIVER_FILES=FILE.json)",
  );
  exit(1);
}, ${SECONDS * 1000});
self.onmessage = () => {
  clearTimeout(timer);
  setTimeout(() => exit(1), 1000);
};
`;

/**
 * Opens a device, and ends the process if its driver never answers: a driver may hold the main thread
 * for good, and its locks at the exit. Where `--allow-ffi` is missing, that is only said.
 *
 * @param open Opens it.
 * @returns What it gave.
 */
export async function watchDriver<T>(open: () => Promise<T>): Promise<T> {
  const url = `data:text/javascript,${encodeURIComponent(WATCH)}`;
  const worker = new Worker(url, { type: "module" });
  let hangs = false;
  try {
    return await open();
  } catch (error) {
    hangs = error instanceof NoAnswerError;
    throw error;
  } finally {
    // If it hangs, there is time to write the error.
    if (hangs) worker.postMessage("end");
    else worker.terminate();
  }
}
