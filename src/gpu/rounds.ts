import type { Preset } from "./preset.ts";

/**
 * Rounds that all loops of a lane may take together. llvmpipe ends them after 65,535, and says nothing: what such
 * a kernel sums is short of the rest. So work is shared out among more lanes where it would take more.
 */
export const LOOP_ROUNDS = 65_000;

/**
 * Checks that a lane's loops end by themselves, where its work can't be shared out.
 *
 * @param preset What the kernel is cut for.
 * @param what Who has the loops.
 * @param rounds Rounds of all loops together.
 * @throws {RangeError} If they are too many for a software driver.
 */
export function checkRounds(preset: Preset, what: string, rounds: number): void {
  if (preset.name === "software" && rounds > LOOP_ROUNDS) {
    throw new RangeError(
      `Cannot compile ${what} as a lane of a software driver may take ${LOOP_ROUNDS} rounds in loops at ` +
        `most: it would take ${rounds}`,
    );
  }
}
