/** How parallel neurons weigh what comes in, as their kernels need to know it. */
export interface ParallelWeights {
  /**
   * `"full"`: a weight for each charge and each input; `"masked"`: those too, but of the inputs that are further back
   * than the order, or yet to come, only a share counts; `"sliding"`: one for each of the last inputs.
   */
  readonly kind: "full" | "masked" | "sliding";
  /** How many time steps a charge looks back, its own among them; T where it sees all. */
  readonly order: number;
}

/** The name by which weights and bias are asked for. */
export const LEARNED = "weight";
/** The name of the mask's share, which is kept: SpikingJelly's. */
export const LAMBDA = "_lambda_";
