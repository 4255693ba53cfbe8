import type { Collective } from "../core/collective.ts";

/**
 * Checks that processes have the same, by a word that follows from it. All find the same, so that none
 * waits for one that has ended.
 *
 * @param collective The processes.
 * @param word The word of this one.
 * @param message What is wrong, where processes of these names differ from the first.
 * @throws {Error} If any of them has another word than the first.
 */
export async function checkReplicas(
  collective: Collective,
  word: number,
  message: (ranks: string) => string,
): Promise<void> {
  const words = new Float64Array(collective.size);
  words[collective.rank] = word;
  await collective.allReduceSum(words);
  const others = [...words.keys()].filter((rank) => words[rank] !== words[0]);
  if (others.length === 0) return;
  throw new Error(message(`process${others.length > 1 ? "es" : ""} ${others.join(", ")}`));
}
