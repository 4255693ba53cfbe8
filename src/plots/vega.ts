import { importVega } from "../packages.ts";

let vega: Promise<typeof import("vega")> | undefined;

/**
 * Imports Vega when it is first needed. All callers share one import: Vega's modules await others,
 * and a second import at the same time ends before they have run.
 *
 * @returns The module.
 */
export function loadVega(): Promise<typeof import("vega")> {
  return vega ??= importVega();
}
