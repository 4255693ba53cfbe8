import type { Settings } from "./messages.ts";

/**
 * Reads what the visitor chose.
 *
 * @param form The form with `seed`, `timeSteps` and `tau`, valid.
 * @returns The settings.
 */
export function readSettings(form: HTMLFormElement): Settings {
  const numberOf = (name: string) =>
    (form.elements.namedItem(name) as HTMLInputElement).valueAsNumber;
  return { seed: numberOf("seed"), timeSteps: numberOf("timeSteps"), tau: numberOf("tau") };
}

/**
 * Shows the numbers that the sliders stand for.
 *
 * @param form The form.
 */
export function showSettings(form: HTMLFormElement): void {
  const { timeSteps, tau } = readSettings(form);
  const show = (name: string, text: string) =>
    (form.elements.namedItem(name) as HTMLOutputElement).value = text;
  show("shownTimeSteps", String(timeSteps));
  show("shownTau", tau.toFixed(1));
}
