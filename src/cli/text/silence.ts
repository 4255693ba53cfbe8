/** A layer of neurons. */
export interface SilentLayer {
  /** Its place, such as layer.2. */
  readonly layer: string;
  /** The kind of neurons. */
  readonly kind: string;
}

/**
 * Says that a layer's neurons never fired: what follows it gets the same whatever the input was, so
 * that the answers mean nothing.
 *
 * @param layer The layer.
 * @param asked What the network was asked about.
 * @returns A sentence without a full stop.
 */
export function silenceText({ layer, kind }: SilentLayer, asked: "picture" | "pictures"): string {
  const [what, answers] = asked === "picture"
    ? ["this picture", "the answer doesn't depend on it"]
    : ["any picture", "the answers don't depend on the pictures"];
  return `No neuron of ${layer} (${kind}) fired for ${what}: ${answers}`;
}

/**
 * Finds the first layer whose neurons never fired.
 *
 * @param layers How each layer fired.
 * @returns The layer, if there is one.
 */
export function silentLayer<T extends { readonly meanRate: number }>(
  layers: readonly T[],
): T | undefined {
  return layers.find(({ meanRate }) => meanRate === 0);
}
