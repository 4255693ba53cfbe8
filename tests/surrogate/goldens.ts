import type { Surrogate } from "../../mod.ts";
import { makeSurrogate } from "../../src/extend.ts";

/** How far off numbers may be. */
export interface Tolerance {
  rtol: number;
  atol: number;
}

/** The numbers that one surrogate must give. */
export interface Case {
  title: string;
  surrogate: Surrogate;
  x: number[];
  gradient: number[];
  primitive: number[] | null;
}

interface Golden {
  tolerance: { float64: Tolerance; float32: Tolerance };
  cases: (Omit<Case, "title" | "surrogate"> & {
    name: string;
    params: Record<string, number>;
  })[];
}

/** The names that don't follow from the class's by a small first letter. */
const NAMES: Readonly<Record<string, string>> = {
  ATan: "atan",
  LeakyKReLU: "leakyKRelu",
  LogTailedReLU: "logTailedRelu",
  PiecewiseLeakyReLU: "piecewiseLeakyRelu",
  S2NN: "s2nn",
};

const FOLDER = Deno.env.get("GALVANI_GOLDENS") ?? "tests/goldens";
const golden: Golden = JSON.parse(Deno.readTextFileSync(`${FOLDER}/surrogates.json`));

export const { tolerance } = golden;

export const cases: readonly Case[] = golden.cases.map(({ name, params, ...numbers }) => {
  const { T_period: tPeriod, ...options } = params;
  if (tPeriod !== undefined) options.tPeriod = tPeriod;
  const key = NAMES[name] ?? name[0]!.toLowerCase() + name.slice(1);
  return {
    title: `${name} ${JSON.stringify(params)}`,
    surrogate: makeSurrogate(key, options),
    ...numbers,
  };
});
