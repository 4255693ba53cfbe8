import type { Resource } from "../gpu/bindings.ts";
import type { TemplateValues } from "../gpu/template.ts";
import { sizeOf } from "./shape.ts";
import type { NumberSignal, StoredSignal } from "./signal.ts";
import { timeQuads } from "./time.ts";

/** A piece of a kernel: its text, and what it binds. */
export interface KernelPart {
  /** WGSL, to be one of a kernel's texts. */
  readonly text: string;
  /** Values of the text. */
  readonly values: TemplateValues;
  /** What is bound to the names that it declares. */
  readonly resources: Readonly<Record<string, Resource>>;
}

/** Options of {@linkcode reader}. */
export interface ReaderOptions {
  /** T, the number of time steps. */
  readonly timeSteps: number;
  /** Samples of a batch. */
  readonly batchSize: number;
  /**
   * Time steps by which it looks back; before the first there is 0.
   *
   * @default {0}
   */
  readonly delay?: 0 | 1;
}

/**
 * What reads a stored signal in a kernel, whatever its storage: WGSL with
 * `fn NAME_quad(sample: u32, place: u32, quad: u32) -> vec4<f32>`, four consecutive time steps
 * `4 quad ... 4 quad + 3`. What is past T is anything. Spikes after dropout count what they count in a
 * step that learns, so a kernel that reads them includes `lib/batch` and binds `step`.
 *
 * @param name What its functions and its binding begin with.
 * @param signal The signal.
 * @param options T, the batch, and whether it looks back.
 * @returns The text and what it binds.
 *
 * @example
 * ```ts ignore
 * const input = reader("x", await stored(scope, signal), scope);
 * await scope.run("forward", {
 *   name: "mine", texts: [input.text, MY_WGSL], values: input.values,
 *   resources: { ...input.resources, result }, workgroups,
 * });
 * ```
 */
export function reader(name: string, signal: StoredSignal, options: ReaderOptions): KernelPart {
  const { timeSteps, batchSize, delay = 0 } = options;
  const size = sizeOf(signal.shape);
  const numbers = batchSize * size;
  const quads = timeQuads(timeSteps);
  const now = delay === 0 ? `${name}_quad` : `${name}_undelayed`;
  const back = delay === 0 ? "" : `
fn ${name}_quad(sample: u32, place: u32, quad: u32) -> vec4<f32> {
  let now = ${now}(sample, place, quad);
  let before = select(0.0, ${now}(sample, place, max(quad, 1u) - 1u).w, quad > 0u);
  return vec4<f32>(before, now.x, now.y, now.z);
}`;
  const head = `fn ${now}(sample: u32, place: u32, quad: u32) -> vec4<f32> {`;
  const n = `sample * ${size}u + place`;
  if (signal.kind === "spikes") {
    const scale = signal.scale ?? 1;
    const factor = scale === 1 ? "" : ` * select(1.0, ${float(scale)}, step.learns != 0u)`;
    return {
      text: `#reads ${name}: u32;
${head}
  let word = ${name}_at((quad >> 3u) * ${numbers}u + ${n}) >> ((quad & 7u) * 4u);
  return vec4<f32>((vec4<u32>(word) >> vec4<u32>(0u, 1u, 2u, 3u)) & vec4<u32>(1u))${factor};
}${back}`,
      values: {},
      resources: { [name]: signal.spikes },
    };
  }
  const at = signal.over === "time"
    ? `${name}_at(${denseAt(quads, n)})`
    : `vec4<f32>(${name}_at(${n}))`;
  const type = signal.over === "time" ? "vec4<f32>" : "f32";
  return {
    text: `#reads ${name}: ${type};
${head}
  return ${at};
}${back}`,
    values: {},
    resources: { [name]: signal.values },
  };
}

/**
 * What stores numbers in a kernel: WGSL with
 * `fn store_NAME(sample: u32, place: u32, quad: u32, value: vec4<f32>)`. A signal that is the same at each
 * time step takes the first of the four, from quad 0.
 *
 * @param name What its binding is called.
 * @param signal The signal.
 * @param options T.
 * @returns The text and what it binds.
 */
export function writer(
  name: string,
  signal: NumberSignal,
  { timeSteps }: Pick<ReaderOptions, "timeSteps">,
): KernelPart {
  const n = `sample * ${sizeOf(signal.shape)}u + place`;
  const overTime = signal.over === "time";
  return {
    text: `#binding var<storage, read_write> ${name}: array<${overTime ? "vec4<f32>" : "f32"}>;
fn store_${name}(sample: u32, place: u32, quad: u32, value: vec4<f32>) {
  ${
      overTime
        ? `${name}[${denseAt(timeQuads(timeSteps), n)}] = value;`
        : `if (quad == 0u) { ${name}[${n}] = value.x; }`
    }
}`,
    values: {},
    resources: { [name]: signal.values },
  };
}

/** Where a quad of number n lies: `quad_at` of `kernels/lib/quads.wgsl`. */
const denseAt = (quads: number, n: string) =>
  `((${n}) >> 3u) * ${8 * quads}u + quad * 8u + ((${n}) & 7u)`;

/** A number as WGSL writes a float. */
const float = (value: number) => Number.isInteger(value) ? `${value}.0` : String(value);
