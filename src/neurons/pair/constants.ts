import { snakeCase, type TemplateValues } from "../../gpu/template.ts";
import { type NeuronDescription, type NeuronValue, stateOf } from "../model.ts";
import { isLearned, type LearnedTensor, learnedTensors } from "./learned.ts";
import { initialName } from "./state.ts";

/** The constants of neurons, as their kernels take them. */
export interface KernelConstants {
  /** WGSL that declares them, and `prepare`, which sets those that differ from neuron to neuron. */
  readonly text: string;
  /** Those that are the same for all neurons; of others the name only, so that nothing else takes it. */
  readonly values: TemplateValues;
  /** Those that differ, f32 `[constants][features]`: the binding `constants`, if there are any. */
  readonly each: Float32Array<ArrayBuffer>;
  /** What is learned: the binding `learned`, if there is any. */
  readonly learned: readonly LearnedTensor[];
}

/** Which constants a kernel reads, and for how many neurons. */
export interface ConstantsUse {
  /** Neurons of a sample; without it there must be no constant that has a number for each. */
  readonly features?: number | undefined;
  /** Which of them the first neuron is. */
  readonly firstFeature?: number | undefined;
  /** Whether the state before the first step is among them. */
  readonly initial: boolean;
}

/** What a learned number becomes. */
const BY = {
  sigmoid: (w: string) => `1.0 / (1.0 + exp(-${w}))`,
  exp: (w: string) => `exp(${w})`,
  identity: (w: string) => w,
} as const;

/**
 * Collects the constants of neurons: those of their kind, the threshold and the reset, and the state
 * before the first step.
 *
 * @param description The neurons.
 * @param use Which of them, and for how many neurons.
 * @returns Their WGSL and their values.
 * @throws {RangeError} If a constant has another number of values than a sample has neurons.
 * @throws {TypeError} If two constants have the same name.
 */
export function kernelConstants(
  description: NeuronDescription,
  { features, firstFeature = 0, initial }: ConstantsUse,
): KernelConstants {
  const learned = learnedTensors(description);
  const what = `Cannot compile ${description.kind} neurons`;
  const declarations: string[] = [];
  const settings: string[] = [];
  const values: Record<string, number> = {};
  const rows: ArrayLike<number>[] = [];
  const each = (name: string, row: ArrayLike<number>) => {
    if (row.length === features) return;
    throw new RangeError(
      `${what} as ${name} must have a number for each of the sample's ${features} neurons: ` +
        `it has ${row.length}`,
    );
  };
  const claim = (name: string, value: number) => {
    if (Object.hasOwn(values, name)) {
      throw new TypeError(
        `${what} as each of their constants must have a name of its own: "${name}" is there twice`,
      );
    }
    values[name] = value;
  };
  for (const [key, value] of given(description, initial)) {
    const name = snakeCase(key);
    const one = oneOf(value);
    claim(name, one ?? 0);
    if (typeof value !== "number") each(name, value);
    if (one !== undefined) {
      declarations.push(`override ${name}: f32;`);
      continue;
    }
    declarations.push(`var<private> ${name}: f32;`);
    settings.push(`${name} = constants[${rows.length * features!}u + feature];`);
    rows.push(value as ArrayLike<number>);
  }
  for (const { constant, shape, offset, by, first } of learned) {
    if (shape.length > 0) each(constant, first);
    claim(constant, 0);
    declarations.push(`var<private> ${constant}: f32;`);
    const at = shape.length > 0 ? `${offset}u + feature` : `${offset}u`;
    settings.push(`${constant} = ${BY[by](`learned[${at}]`)};`);
  }
  if (settings.some((line) => line.includes("feature"))) {
    const place = firstFeature === 0 ? "n" : `(n + ${firstFeature}u)`;
    settings.unshift(`let feature = ${place} % ${features}u;`);
  }
  const bindings = [
    ...rows.length > 0 ? ["#binding var<storage, read> constants: array<f32>;"] : [],
    ...learned.length > 0 ? ["#binding var<storage, read> learned: array<f32>;"] : [],
  ];
  const prepare = settings.length > 0 ? `\n  ${settings.join("\n  ")}\n` : "";
  return {
    text: [...bindings, ...declarations, `fn prepare(n: u32) {${prepare}}`].join("\n"),
    values,
    each: Float32Array.from(rows.flatMap((row) => Array.from(row))),
    learned,
  };
}

/**
 * Whether all constants of neurons are the same for all of them, and known before anything is learned.
 *
 * @param description The neurons.
 * @returns Whether they are.
 */
export function isUniform(description: NeuronDescription): boolean {
  return learnedTensors(description).length === 0 &&
    given(description, true).every(([, value]) => oneOf(value) !== undefined);
}

/** The constants that aren't learned, with their names. */
function given(description: NeuronDescription, initial: boolean): [string, NeuronValue][] {
  const { constants = {}, vThreshold, vReset, vInit, fires = true } = description;
  const own = Object.entries(constants).flatMap(([name, constant]): [string, NeuronValue][] =>
    isLearned(constant) ? [] : [[name, constant]]
  );
  const firing: [string, NeuronValue][] = [["vThreshold", vThreshold], ["vReset", vReset ?? 0]];
  const first = stateOf(description).map((name, k): [string, NeuronValue] => [
    initialName(name, k),
    k === 0 ? vInit : description.initial?.[name] ?? 0,
  ]);
  return [...own, ...fires ? firing : [], ...initial ? first : []];
}

/** The number that a value is for all neurons, if it is. */
function oneOf(value: NeuronValue): number | undefined {
  if (typeof value === "number") return value;
  const first = value[0];
  return Array.prototype.every.call(value, (other) => other === first) ? first : undefined;
}
