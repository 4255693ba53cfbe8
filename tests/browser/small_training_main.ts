/**
 * The small training as a program: in a page it waits to be called, in Deno it prints what came out.
 *
 * @module
 */
import { trainSmall } from "./small_training.ts";

if ("Deno" in globalThis) console.log(JSON.stringify(await trainSmall({ name: "swiftshader" })));
else Object.assign(globalThis, { trainSmall });
