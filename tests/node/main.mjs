/**
 * Runs the small training of a bundle in Node.js, on Dawn, and prints what came out.
 *
 *     node main.mjs BUNDLE WEBGPU
 *
 * `BUNDLE` is the file that sets `globalThis.trainSmall`, `WEBGPU` that of the npm package `webgpu`.
 */
import process from "node:process";
import { pathToFileURL } from "node:url";

const [bundle, webgpu] = process.argv.slice(2);
const { create, globals } = await import(pathToFileURL(webgpu).href);
Object.assign(globalThis, globals);
Object.defineProperty(globalThis, "navigator", { value: { gpu: create([]) } });

// What Node.js 22 has and 20 doesn't.
Promise.withResolvers ??= () => {
  let resolvers;
  const promise = new Promise((resolve, reject) => resolvers = { resolve, reject });
  return { promise, ...resolvers };
};
const iterators = Object.getPrototypeOf(Object.getPrototypeOf([].values()));
iterators.reduce ??= function (reduce, start) {
  return [...this].reduce(reduce, start);
};

await import(pathToFileURL(bundle).href);
process.stdout.write(JSON.stringify(await globalThis.trainSmall()));
// Dawn's threads would go on.
process.exit();
