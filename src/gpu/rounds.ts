/** Rounds that all loops of a lane may take together: llvmpipe ends them after 65,535, and says nothing. */
export const LOOP_ROUNDS = 65_000;
