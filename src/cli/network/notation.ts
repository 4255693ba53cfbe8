import { formatShape, type Shape, sizeOf } from "../../core/shape.ts";

/** A layer that a text names, and where in the text it does. */
export type Item = Place & Named;

/** What a text can name. */
type Named =
  | { readonly kind: "convolution"; readonly channels: number; readonly kernel: number }
  | { readonly kind: "batchNorm" }
  | { readonly kind: "maxPool" | "averagePool"; readonly kernel: number }
  | { readonly kind: "synapseFilter" }
  | {
    readonly kind: "linear";
    readonly features: number;
    /** What comes after its weights: neurons, such that hear each other, such that don't fire, or none. */
    readonly neurons: "plain" | "recurrent" | "readout" | "none";
  };

/** Where a layer is in the text. */
interface Place {
  /** What the text says. */
  readonly text: string;
  /** Where that begins, in characters. */
  readonly at: number;
}

/**
 * A layer as JSON, but for neurons, which the text says nothing of. What isn't there is the layer's
 * default: steps of 1, and of its own size in a pool.
 */
export type PlannedLayer =
  | {
    readonly kind: "Conv2d";
    readonly inChannels: number;
    readonly outChannels: number;
    readonly kernelSize: readonly [number, number];
    readonly padding: readonly [number, number];
    readonly bias: boolean;
  }
  | { readonly kind: "BatchNorm2d"; readonly features: number }
  | {
    readonly kind: "MaxPool2d" | "AvgPool2d";
    readonly kernelSize: readonly [number, number];
  }
  | { readonly kind: "Flatten" }
  | {
    readonly kind: "Linear";
    readonly inputs: number;
    readonly outputs: number;
    readonly bias: boolean;
  }
  | { readonly kind: "neurons" | "recurrentNeurons" | "readout" | "synapseFilter" };

/** A text that names no network. */
export class NotationError extends Error {
  /** The class's name. */
  override readonly name = "NotationError";
  /** What is wrong. */
  readonly reason: string;
  /** Two lines that point at the place: the text, and carets below it. */
  readonly pointer: string;

  /**
   * Points at a place.
   *
   * @param reason What is wrong.
   * @param network The whole text.
   * @param place The place.
   */
  constructor(reason: string, network: string, { text, at }: Place) {
    const carets = "^".repeat(Math.max(1, text.length));
    const pointer = `  ${network}\n  ${" ".repeat(at)}${carets}`;
    super(`Cannot build the network as ${reason}\n${pointer}`);
    this.reason = reason;
    this.pointer = pointer;
  }
}

/** The most neurons or channels of a layer, and the most rows of a kernel. */
const [MOST, MOST_ROWS] = [65536, 64];

/**
 * Reads a network in the notation of the field's papers, such as `32C3-BN-MP2-512-10`: a convolution
 * of 32 channels with a kernel of 3 x 3, batch normalization, max pooling of 2 x 2, layers of 512
 * and 10 neurons. `AP2` is average pooling; `256R` neurons that hear each other; `20LI` neurons that don't
 * fire, the last of a network; `SF` a synapse filter after neurons; `32L` weights without neurons.
 *
 * @param network The text.
 * @returns The layers that it names.
 * @throws {NotationError} If a part of it is no layer, or where none may be.
 */
export function parseNotation(network: string): Item[] {
  let at = 0;
  const items = network.split("-").map((text) => {
    const place = { text, at };
    at += text.length + 1;
    return { ...parseItem(network, place), ...place };
  });
  items.forEach((item, i) => checkOrder(network, item, items[i - 1], items[i + 1]));
  const last = items.at(-1)!;
  if (last.kind === "linear") return items;
  throw new NotationError(
    "the last layer must be a number, as many as there are classes",
    network,
    {
      text: last.text,
      at: last.at,
    },
  );
}

function parseItem(network: string, place: Place): Named {
  const { text } = place;
  const [, channels, letters, size] = /^(\d*)([A-Z]*)(\d*)$/i.exec(text) ?? [];
  const number = (digits: string | undefined, most: number) => {
    const value = Number(digits);
    if (value >= 1 && value <= most) return value;
    throw new NotationError(`${digits} must be from 1 to ${most}`, network, place);
  };
  switch (`${channels ? "N" : ""}${letters}${size ? "N" : ""}`) {
    case "NCN": {
      const kernel = number(size, MOST_ROWS);
      if (kernel % 2 === 1) {
        return { kind: "convolution", channels: number(channels, MOST), kernel };
      }
      throw new NotationError(
        `kernels must be odd, so that maps keep their size: that of ${text} is ${kernel}`,
        network,
        place,
      );
    }
    case "BN":
      return { kind: "batchNorm" };
    case "MPN":
      return { kind: "maxPool", kernel: number(size, MOST_ROWS) };
    case "APN":
      return { kind: "averagePool", kernel: number(size, MOST_ROWS) };
    case "SF":
      return { kind: "synapseFilter" };
    case "N":
      return { kind: "linear", features: number(channels, MOST), neurons: "plain" };
    case "NR":
      return { kind: "linear", features: number(channels, MOST), neurons: "recurrent" };
    case "NL":
      return { kind: "linear", features: number(channels, MOST), neurons: "none" };
    case "NLI":
      return { kind: "linear", features: number(channels, MOST), neurons: "readout" };
  }
  throw new NotationError(
    `${
      text === "" ? "nothing" : JSON.stringify(text)
    } is no layer: layers are like 32C3, BN, MP2, ` +
      "AP2, 512, 256R, 32L, SF and 20LI",
    network,
    place,
  );
}

/** Whether a layer gives maps. */
const isMap = ({ kind }: Named) => kind !== "linear" && kind !== "synapseFilter";

/** Whether a layer may follow another. */
function checkOrder(
  network: string,
  item: Item,
  before: Item | undefined,
  after: Item | undefined,
): void {
  const fail = (reason: string) => {
    throw new NotationError(reason, network, item);
  };
  if (item.kind === "batchNorm" && before?.kind !== "convolution") fail("BN follows a convolution");
  if (item.kind === "synapseFilter") {
    const fires = before?.kind === "linear" && before.neurons !== "none";
    if (!fires) fail("SF follows a layer of neurons");
    return;
  }
  if (item.kind === "linear" && item.neurons === "readout" && after) {
    fail(`neurons of ${item.text} don't fire: it must be the last layer`);
  }
  if (item.kind === "linear" && item.neurons === "none" && !after) {
    fail(`${item.text} has no neurons: it can't be the last layer`);
  }
  if (item.kind !== "linear" && before && !isMap(before)) {
    fail(`${item.text} needs maps, and ${before.text} leaves none`);
  }
}

/**
 * Plans the layers of a network: neurons come after each layer with weights, after its batch
 * normalization where it has one. A convolution keeps the size of maps; its bias is left out before
 * BN, which has one. A first number that is as many as come in stands for these: `700-256-20`. A layer
 * whose neurons hear each other has one bias, that of its weights.
 *
 * @param network The network, as `parseNotation` takes it.
 * @param input What a picture has: channels, rows, columns.
 * @param classes How many classes there are.
 * @returns The layers.
 * @throws {NotationError} If the network isn't one for these pictures.
 */
export function planNetwork(network: string, input: Shape, classes: number): PlannedLayer[] {
  const items = withoutInput(parseNotation(network), sizeOf(input));
  const layers: PlannedLayer[] = [];
  let [channels = 1, height = 1, width = 1] = input;
  let features = 0;
  items.forEach((item, i) => {
    const next = items[i + 1]?.kind;
    switch (item.kind) {
      case "convolution": {
        const bias = next !== "batchNorm";
        if (input.length !== 3) {
          throw new NotationError(`what comes in, ${formatShape(input)}, is no map`, network, item);
        }
        layers.push(convolution(channels, item.channels, item.kernel, bias));
        channels = item.channels;
        if (bias) layers.push({ kind: "neurons" });
        break;
      }
      case "batchNorm":
        layers.push({ kind: "BatchNorm2d", features: channels });
        layers.push({ kind: "neurons" });
        break;
      case "maxPool":
      case "averagePool":
        if (item.kernel > height || item.kernel > width) {
          throw new NotationError(`maps are ${height} x ${width} here`, network, item);
        }
        layers.push({
          kind: item.kind === "maxPool" ? "MaxPool2d" : "AvgPool2d",
          kernelSize: [item.kernel, item.kernel],
        });
        [height, width] = [Math.floor(height / item.kernel), Math.floor(width / item.kernel)];
        break;
      case "linear":
        if (next === undefined && item.features !== classes) {
          throw new NotationError(`the last layer must be ${classes}, the classes`, network, item);
        }
        if (features === 0) {
          layers.push({ kind: "Flatten" });
          features = channels * height * width;
        }
        layers.push({ kind: "Linear", inputs: features, outputs: item.features, bias: true });
        if (item.neurons !== "none") layers.push({ kind: AFTER[item.neurons] });
        features = item.features;
        break;
      case "synapseFilter":
        layers.push({ kind: "synapseFilter" });
    }
  });
  return layers;
}

/** What comes after the weights of a layer. */
const AFTER = { plain: "neurons", recurrent: "recurrentNeurons", readout: "readout" } as const;

/** The layers, without a first number that stands for what comes in. */
function withoutInput(items: Item[], inputs: number): Item[] {
  const [first, ...others] = items;
  const isInput = first!.kind === "linear" && first!.neurons === "plain" &&
    first!.features === inputs;
  return isInput && others[0]?.kind === "linear" ? others : items;
}

function convolution(
  inChannels: number,
  outChannels: number,
  kernel: number,
  bias: boolean,
): PlannedLayer {
  const same = (kernel - 1) / 2;
  return {
    kind: "Conv2d",
    inChannels,
    outChannels,
    kernelSize: [kernel, kernel],
    padding: [same, same],
    bias,
  };
}
