import type { Dispatch } from "../gpu/dispatch.ts";

/** A dispatch whose memory may be replaced between steps. */
export class LateDispatch {
  /** The kernel's name. */
  readonly name: string;
  /** What runs now. */
  dispatch: Dispatch | undefined;

  /**
   * Takes a place among the dispatches of a program.
   *
   * @param name The kernel's name.
   */
  constructor(name: string) {
    this.name = name;
  }

  /** As {@linkcode Dispatch.encode}. */
  encode(...args: Parameters<Dispatch["encode"]>): void {
    this.dispatch!.encode(...args);
  }
}
