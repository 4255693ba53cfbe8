/** What a visitor may choose. */
export interface Settings {
  /** What all random numbers follow from: an integer of 0 to 2^32 - 1. */
  readonly seed: number;
  /** T, the time steps that a digit is shown for. */
  readonly timeSteps: number;
  /** The neurons' time constant, in time steps: above 1. */
  readonly tau: number;
}

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
