import { type Surrogate, surrogates } from "../../mod.ts";
import { makeSurrogate } from "../../src/extend.ts";

/** The surrogate that a golden file names as SpikingJelly does. */
export function surrogateOf(
  { name, params }: { name: string; params: Record<string, number> },
): Surrogate {
  const key = Object.keys(surrogates).find((key) => key.toLowerCase() === name.toLowerCase());
  if (!key) throw new Error(`there is no surrogate "${name}"`);
  const { T_period: tPeriod, ...options } = params;
  return makeSurrogate(key, tPeriod === undefined ? options : { ...options, tPeriod });
}
