/**
 * What kind of adapter to use:
 *
 * - `"auto"`: a GPU, else an installed software adapter, else the embedded one.
 * - `"gpu"`: a GPU or nothing.
 * - `"software"`: an installed software adapter, else the embedded one.
 */
export type DeviceChoice = "auto" | "gpu" | "software";

/** Options of `requestAdapter`. */
export interface AdapterOptions {
  /**
   * The kind of adapter.
   *
   * @default {"auto"}
   */
  device?: DeviceChoice;
  /**
   * Part of the adapter's name, in any case: `"nvidia"`, `"llvmpipe"`.
   * `"swiftshader"` is the embedded software adapter, also where a driver is
   * installed. Any name will do if this is missing or empty.
   */
  name?: string;
  /**
   * Seconds that a driver may take for an answer before it is given up.
   *
   * @default {30}
   */
  timeLimit?: number;
  /**
   * Receives one line if the embedded software adapter has to serve since
   * nothing better is installed. Nothing is printed without it.
   */
  onNotice?: (line: string) => void;
}
