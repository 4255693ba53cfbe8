import { wordOf } from "./option.ts";
import { FILE_DECIDES } from "./network.ts";
import { isNirFile } from "./nir_options.ts";
import { OPTIONS, type TrainOptions } from "./options.ts";

/**
 * Lists a run's options as they could have been given.
 *
 * @param options The options.
 * @returns Names and values, in the order of the help; without flags that are off.
 */
export function optionRows(options: TrainOptions): [name: string, value: string][] {
  return OPTIONS.flatMap(({ field }) => {
    const value = options[field];
    if (value === undefined || value === false) return [];
    const isOfFile = isNirFile(options.network) && FILE_DECIDES.includes(field);
    if (isOfFile && field !== "network") return [];
    const text = value === true ? "yes" : Array.isArray(value) ? value.join(",") : String(value);
    return [[wordOf(OPTIONS, field), text || "none"] as [string, string]];
  });
}
