import { neuron } from "../../../kernels/mod.ts";
import { joinValues, snakeCase, type TemplateValues } from "../../gpu/template.ts";
import type {
  Firing,
  LearnedConstant,
  LearnedRange,
  NeuronConstant,
  NeuronEquations,
  NeuronModel,
} from "../neuron_model.ts";

/** How a constant follows from what is learned, in WGSL. */
const BY = {
  identity: (w: string) => w,
  sigmoid: (w: string) => `1.0 / (1.0 + exp(-${w}))`,
  exp: (w: string) => `exp(${w})`,
} as const;

/** What all neurons have by their kinds' constants, and what is there where they fire. */
function constantsOf(model: NeuronModel): Readonly<Record<string, NeuronConstant>> {
  const { firing, constants } = model;
  return firing
    ? { ...constants, vThreshold: firing.vThreshold, vReset: firing.vReset ?? 0 }
    : constants;
}

const isLearned = (constant: NeuronConstant): constant is LearnedConstant =>
  typeof constant === "object" && !(constant instanceof Float32Array);

/**
 * Whether all constants of neurons are plain numbers, so that a kernel needs no buffers of them.
 *
 * @param model The neurons.
 * @returns Whether.
 */
export function isPlain(model: NeuronModel): boolean {
  return model.state.length === 1 &&
    Object.values(constantsOf(model)).every((constant) => typeof constant === "number");
}

/**
 * What neurons learn, and where its numbers lie.
 *
 * @param model The neurons.
 * @returns The constants, one after the other.
 */
export function learnedOf(model: NeuronModel): LearnedRange[] {
  let first = 0;
  return Object.values(constantsOf(model)).filter(isLearned).map((constant) => {
    const length = typeof constant.initial === "number" ? 1 : constant.initial.length;
    const range = { ...constant, first, length };
    first += length;
    return range;
  });
}

/**
 * The WGSL of neurons.
 *
 * A number is an `override`. A constant of each neuron, or a learned one, is a private variable that
 * `prepare(n)` sets for neuron n.
 *
 * @param model The neurons.
 * @param features Neurons of a sample.
 * @returns Texts with `prepare`, `first_state`, `charge`, `after_reset`, `before_reset`, their values, and
 * the constants of each neuron.
 * @throws {TypeError} If the surrogate has a value of a name that the neurons have.
 * @throws {RangeError} If a constant of each neuron isn't there for each.
 */
export function neuronEquations(model: NeuronModel, features: number): NeuronEquations {
  const { kind, wgsl, state, initial, flags, firing } = model;
  const learned = learnedOf(model);
  const declarations: string[] = [];
  const prepare: string[] = [];
  const gradients: string[] = [];
  const numbers: Record<string, number> = {};
  const each: Float32Array[] = [];
  let place = 0;
  for (const [key, constant] of Object.entries(constantsOf(model))) {
    const name = snakeCase(key);
    if (typeof constant === "number") {
      declarations.push(`override ${name}: f32;`);
      numbers[key] = constant;
      continue;
    }
    declarations.push(`var<private> ${name}: f32;`);
    if (constant instanceof Float32Array) {
      checkEach(kind, key, constant, features);
      prepare.push(`${name} = constants[${each.length}u * ${features}u + n % ${features}u];`);
      each.push(constant);
      continue;
    }
    const { first, length } = learned[place]!;
    if (length > 1) checkEach(kind, key, constant.initial as Float32Array, features);
    const w = length === 1 ? `learned[${first}u]` : `learned[${first}u + n % ${features}u]`;
    prepare.push(`${name} = ${BY[constant.by ?? "identity"](w)};`);
    gradients.push(
      `fn learned_gradient_${place}(gh: State, state: State, x: f32) -> f32 { return ${name}_gradient(gh, state, x); }`,
    );
    place++;
  }
  const head = [
    ...each.length > 0 ? ["#binding var<storage, read> constants: array<f32>;"] : [],
    ...learned.length > 0 ? ["#binding var<storage, read> learned: array<f32>;"] : [],
    ...declarations,
    `fn prepare(n: u32) { ${prepare.join(" ")} }`,
    ...initial.map((_, i) => `override initial_${i}: f32;`),
    `fn first_state() -> State { return State(${
      initial.map((_, i) => `initial_${i}`).join(", ")
    }); }`,
  ].join("\n");
  const firingTexts = firing ? [firing.surrogate.wgsl, neuron.reset] : [neuron.noReset];
  return {
    texts: [neuron.state, head, wgsl, ...firingTexts, gradients.join("\n")],
    values: joinValues({
      [`the surrogate "${firing?.surrogate.name}"`]: firing?.surrogate.parameters ?? {},
      [kind]: { ...flags, ...numbers },
      "neurons": {
        ...initialValues(initial),
        ...firingValues(firing),
        stateSize: state.length,
        learned: learned.length,
        fires: firing !== undefined,
      },
    }),
    each: joinEach(each),
    learned,
  };
}

const initialValues = (initial: readonly number[]): TemplateValues =>
  Object.fromEntries(initial.map((value, i) => [`initial_${i}`, value]));

const firingValues = (firing: Firing | undefined): TemplateValues =>
  firing ? { softReset: firing.vReset === null, detachReset: firing.detachReset } : {};

function checkEach(kind: string, name: string, values: Float32Array, features: number): void {
  if (values.length === features) return;
  throw new RangeError(
    `Cannot compile ${kind} neurons as ${name} must be one number, or one for each of ${features} ` +
      `neurons: it has ${values.length}`,
  );
}

function joinEach(each: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const all = new Float32Array(each.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const values of each) {
    all.set(values, at);
    at += values.length;
  }
  return all;
}
