import type { Layer } from "../core/layer.ts";
import { checkShape, type Shape } from "../core/shape.ts";
import { formatShape, type Tensor } from "../formats/tensor.ts";
import { declaredTensors } from "./declared_tensors.ts";

/** Tensors that belong to one module of PyTorch: all that have a name but for its last part. */
interface Module {
  /** Its name, such as "fc1" or "net.0". */
  readonly name: string;
  /** The shapes of its tensors, by the last parts of their names. */
  readonly shapes: Map<string, Shape>;
}

/** What a state dict became. */
export interface MatchedParameters {
  /** The network's parameters, for `model.load`. */
  readonly parameters: Map<string, Tensor>;
  /** The name that each has in the state dict. */
  readonly names: Map<string, string>;
  /** What no layer takes: constants of neurons, such as `lif1.threshold` of snnTorch. */
  readonly constants: Map<string, Tensor>;
}

/** Options of {@linkcode matchParameters}. */
export interface MatchOptions {
  /** What to call the state dict in error messages. By default "the state dict". */
  name?: string;
  /**
   * Last parts of names that the network may have no place for: given back as `constants`.
   *
   * @default {none}
   */
  constants?: readonly string[];
  /**
   * Parts of names in the order in which the network runs what they stand for, such as
   * `["patch_embed", "blocks"]`: of modules with the same shapes, whose names differ in these first.
   *
   * @default {none: names may differ in numbers alone}
   */
  order?: readonly string[];
}

/** Batches that a batch normalization has seen: no computation reads it here, nor in PyTorch with a momentum. */
const UNREAD = "num_batches_tracked";

/**
 * Finds a network's parameters in a state dict of PyTorch, whatever its modules are called there.
 *
 * Names that are the network's own count. Otherwise each layer takes the module that has tensors of the same
 * names and shapes; of several the first of what is left, in the order of their numbers: `net.2` comes before
 * `net.10`, `conv1` before `conv2`. A state dict doesn't say whether `blocks` comes before `patch_embed`: where it
 * matters, `order` does. `num_batches_tracked` is left out.
 *
 * @param network The network.
 * @param input What a sample has, such as `[1, 28, 28]`.
 * @param tensors The state dict: `decodeSafetensors(bytes).tensors`.
 * @param options What to call it, and what it may hold besides.
 * @returns The parameters, and their names in the state dict.
 * @throws {TypeError} If a layer finds no module, or a module no layer; the message names all of them. If names
 * don't say which of two modules comes first.
 *
 * @example
 * ```ts
 * import { LifNode, Linear, matchParameters, Sequential } from "@galvani/snn";
 * import { assertEquals } from "@std/assert";
 *
 * const tensor = (...shape: number[]) => ({
 *   shape, data: new Float32Array(shape.reduce((a, b) => a * b)),
 * });
 * const network = new Sequential([new Linear(4, 3), new LifNode(), new Linear(3, 2), new LifNode()]);
 * const { names } = matchParameters(network, [4], new Map([
 *   ["fc2.bias", tensor(2)], ["fc2.weight", tensor(2, 3)],
 *   ["fc1.bias", tensor(3)], ["fc1.weight", tensor(3, 4)],
 * ]));
 * assertEquals(names.get("layer.0.weight"), "fc1.weight");
 * ```
 */
export function matchParameters(
  network: Layer,
  input: Shape,
  tensors: ReadonlyMap<string, Tensor>,
  options: MatchOptions = {},
): MatchedParameters {
  const { name: title = "the state dict", constants: known = [], order = [] } = options;
  const what = `Cannot load ${title}`;
  const declared = declaredTensors(network, checkShape(what, "input", input));
  const constants = new Map<string, Tensor>();
  const found = new Map<string, Tensor>();
  for (const [name, tensor] of tensors) {
    const leaf = leafOf(name);
    if (leaf === UNREAD && !declared.has(name)) continue;
    if (known.includes(leaf) && !declared.has(name)) constants.set(name, tensor);
    else found.set(name, tensor);
  }
  const names = new Map<string, string>();
  let unsure: readonly [string, string] | undefined;
  if ([...declared].every(([name, shape]) => sameTensor(found.get(name), shape))) {
    for (const name of declared.keys()) names.set(name, name);
  } else unsure = matchModules(modulesOf(declared), modulesOf(shapesOf(found)), names, order);

  const missing = [...declared].filter(([name]) => !names.has(name));
  const taken = new Set(names.values());
  const surplus = [...shapesOf(found)].filter(([name]) => !taken.has(name));
  if (missing.length > 0 || surplus.length > 0) {
    const reasons = [
      ...missing.length > 0 ? [`it has nothing for ${listed(missing)}`] : [],
      ...surplus.length > 0 ? [`no layer takes ${listed(surplus)}`] : [],
    ];
    throw new TypeError(`${what} as ${reasons.join(", and ")}`);
  }
  if (unsure) {
    const [a, b] = unsure.map((name) => JSON.stringify(name));
    throw new TypeError(
      `${what} as ${a} and ${b} have the same shapes, and their names don't say which of them comes ` +
        "first: the option order does, a list of parts of names in the network's order",
    );
  }
  const parameters = new Map([...names].map(([own, name]) => [own, found.get(name)!]));
  return { parameters, names, constants };
}

/**
 * Ties the layers' modules to those of a state dict, kind by kind.
 *
 * @returns Two modules of a kind whose names don't say which comes first, if there are any.
 */
function matchModules(
  layers: readonly Module[],
  modules: readonly Module[],
  names: Map<string, string>,
  order: readonly string[],
): readonly [string, string] | undefined {
  let unsure: readonly [string, string] | undefined;
  const compare = (a: Module, b: Module) => {
    const sign = compareNames(a.name, b.name, order);
    if (sign === undefined && kindOf(a) === kindOf(b)) unsure ??= [a.name, b.name];
    return sign ?? 0;
  };
  const left = new Map<string, Module[]>();
  for (const [kind, group] of Map.groupBy(modules, kindOf)) left.set(kind, group.sort(compare));
  for (const layer of layers) {
    const module = left.get(kindOf(layer))?.shift();
    if (!module) continue;
    for (const leaf of layer.shapes.keys()) {
      names.set(joined(layer.name, leaf), joined(module.name, leaf));
    }
  }
  return unsure;
}

/** Words and numbers of a name. */
const PARTS = /\d+|[^\d.]+/g;

/**
 * Which of two names comes first, by what they have from the first word or number on that differs.
 *
 * @param a A name.
 * @param b Another.
 * @param order Beginnings of that, in their order.
 * @returns As of a comparison; nothing if these are words of which the order says nothing.
 */
function compareNames(a: string, b: string, order: readonly string[]): number | undefined {
  const [own, others] = [[...a.matchAll(PARTS)], [...b.matchAll(PARTS)]];
  const at = own.findIndex(([part], i) => part !== others[i]?.[0]);
  const [x, y] = [own[at], others[at]];
  // One begins with all of the other: `conv` comes before `conv2`.
  if (!x || !y) return own.length - others.length;
  const [p, q] = [placeIn(order, a.slice(x.index)), placeIn(order, b.slice(y.index))];
  if (p >= 0 && q >= 0) return p - q;
  const difference = Number(x[0]) - Number(y[0]);
  return Number.isNaN(difference) ? undefined : difference;
}

/** Which entry of an order a text begins with, the longest of several; -1 if with none. */
function placeIn(order: readonly string[], text: string): number {
  const [longest] = order.filter((start) => text.startsWith(start))
    .sort((a, b) => b.length - a.length);
  return longest === undefined ? -1 : order.indexOf(longest);
}

/** Tensors by what stands before the last parts of their names. */
function modulesOf(shapes: ReadonlyMap<string, Shape>): Module[] {
  const modules = new Map<string, Module>();
  for (const [path, shape] of shapes) {
    const leaf = leafOf(path);
    const name = path.slice(0, Math.max(0, path.length - leaf.length - 1));
    const module = modules.get(name) ?? { name, shapes: new Map() };
    modules.set(name, module);
    module.shapes.set(leaf, shape);
  }
  return [...modules.values()];
}

/** What two modules have in common if one can stand for the other. */
const kindOf = ({ shapes }: Module) =>
  [...shapes].map(([leaf, shape]) => leaf + formatShape(shape)).sort().join();

const leafOf = (name: string) => name.slice(name.lastIndexOf(".") + 1);
const joined = (module: string, leaf: string) => module === "" ? leaf : `${module}.${leaf}`;

const shapesOf = (tensors: ReadonlyMap<string, Tensor>): Map<string, Shape> =>
  new Map([...tensors].map(([name, { shape }]) => [name, shape]));

const sameTensor = (tensor: Tensor | undefined, shape: Shape) =>
  tensor !== undefined && formatShape(tensor.shape) === formatShape(shape);

const listed = (tensors: readonly (readonly [string, Shape])[]) =>
  tensors.map(([name, shape]) => `"${name}" ${formatShape(shape)}`).join(", ");
