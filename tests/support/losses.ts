import { type Loss, rateMse } from "../../mod.ts";

/** The loss in both forms: the second hides what would let a plan run the step as one kernel. */
export const LOSSES: readonly (readonly [string, () => Loss])[] = [
  ["one kernel a step where the adapter gains by it", rateMse],
  ["one kernel a layer", () => {
    const { name, compile } = rateMse();
    return { name, compile };
  }],
];
