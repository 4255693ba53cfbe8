import { type NeuronModel, stateOf } from "../model.ts";

/** Components of a vector. */
const PARTS = ["x", "y", "z", "w"] as const;

/**
 * Checks the names of a model's state variables.
 *
 * @param model The model.
 * @throws {RangeError} If there are none or more than four, or two are the same.
 * @throws {SyntaxError} If WGSL has no such name.
 */
export function checkState(model: NeuronModel): void {
  const state = stateOf(model);
  const what = `Cannot compile ${model.kind} neurons as their state`;
  if (state.length < 1 || state.length > PARTS.length || new Set(state).size < state.length) {
    throw new RangeError(
      `${what} must have 1 to ${PARTS.length} variables of different names: ` +
        `current value is [${state.join(", ")}]`,
    );
  }
  const wrong = state.find((name) => !/^[a-z][a-z0-9_]*$/.test(name));
  if (wrong !== undefined) {
    throw new SyntaxError(
      `${what} must have names of small letters, digits and underscores: current value is ` +
        JSON.stringify(wrong),
    );
  }
  const unknown = Object.keys(model.initial ?? {}).find((name) => !state.slice(1).includes(name));
  if (unknown !== undefined) {
    throw new RangeError(
      `${what} must have each variable that has a first value, apart from the potential: it is ` +
        `[${state.join(", ")}], which has no "${unknown}" there`,
    );
  }
}

/**
 * How many bytes a state takes in an `array<State>`.
 *
 * @param variables How many variables it has.
 * @returns Bytes; a vec3 takes the room of a vec4.
 */
export function stateBytes(variables: number): number {
  return variables === 3 ? 16 : 4 * variables;
}

/**
 * The WGSL of a state.
 *
 * @param model The neurons.
 * @returns `State`.
 */
export function stateText(model: NeuronModel): string {
  const { length } = stateOf(model);
  return `alias State = ${length === 1 ? "f32" : `vec${length}<f32>`};`;
}

/**
 * The WGSL of the state before the first step.
 *
 * @param model The neurons.
 * @param stored Whether it is in a buffer, the first of `checkpoints`.
 * @returns `first_state`.
 */
export function firstStateText(model: NeuronModel, stored: boolean): string {
  const names = stateOf(model).map(initialName).join(", ");
  return stored
    ? "fn first_state(n: u32) -> State { return checkpoints[n]; }"
    : `fn first_state(n: u32) -> State { return State(${names}); }`;
}

/**
 * The WGSL by which the forward kernel keeps variables after each step.
 *
 * @param model The neurons.
 * @param traces Which variables.
 * @returns For each, its binding `NAME_trace`, `traced_K` and `store_trace_K`.
 * @throws {RangeError} If the state has no such variable.
 */
export function traceText(model: NeuronModel, traces: readonly string[]): string {
  return traces.map((name, k) =>
    `#binding var<storage, read_write> ${name}_trace: array<vec4<f32>>;  // dense, after the reset
fn traced_${k}(s: State) -> f32 { return ${partOf("s", model, name)}; }
fn store_trace_${k}(at: u32, steps: vec4<f32>) { ${name}_trace[at] = steps; }`
  ).join("\n");
}

/**
 * The WGSL by which the backward kernel takes gradients of variables after each step.
 *
 * @param model The neurons.
 * @param traces Which variables.
 * @returns For each, its binding `NAME_gradient`, `outer_K_at` and `add_outer_K`.
 * @throws {RangeError} If the state has no such variable.
 */
export function traceGradientText(model: NeuronModel, traces: readonly string[]): string {
  return traces.map((name, k) =>
    `#reads ${name}_gradient: vec4<f32>;
fn outer_${k}_at(i: u32) -> vec4<f32> { return ${name}_gradient_at(i); }
fn add_outer_${k}(g: State, outer: f32) -> State { return ${added("g", model, name)}; }`
  ).join("\n");
}

/**
 * The WGSL by which the backward kernel takes the gradient of an output that is the potential.
 *
 * @param model The neurons.
 * @returns `add_output`, of neurons that don't fire.
 */
export function outputText(model: NeuronModel): string {
  const { fires = true } = model;
  const [potential] = stateOf(model);
  return fires ? "" : `fn add_output(g: State, outer: f32) -> State {
  return ${added("g", model, potential!)};
}`;
}

/** A variable of a state. */
function partOf(state: string, model: NeuronModel, name: string): string {
  const place = placeOf(model, name);
  return stateOf(model).length === 1 ? state : `${state}.${PARTS[place]}`;
}

/** A state with `outer` added to one variable. */
function added(state: string, model: NeuronModel, name: string): string {
  const place = placeOf(model, name);
  const parts = stateOf(model).map((_, k) => k === place ? "outer" : "0.0");
  return parts.length === 1 ? `${state} + outer` : `${state} + State(${parts.join(", ")})`;
}

function placeOf(model: NeuronModel, name: string): number {
  const place = stateOf(model).indexOf(name);
  if (place >= 0) return place;
  throw new RangeError(
    `Cannot compile ${model.kind} neurons as what is kept of their state must be one of ` +
      `${stateOf(model).join(", ")}: current value is ${name}`,
  );
}

/**
 * The WGSL name of a state variable's value before the first step.
 *
 * @param name The variable's name.
 * @param k Its place in the state.
 * @returns `initial` for the potential, `initial_NAME` for others.
 */
export function initialName(name: string, k: number): string {
  return k === 0 ? "initial" : `initial_${name}`;
}
