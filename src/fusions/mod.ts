/**
 * Networks that run as fewer kernels than they have layers. Each is there for speed only: without it a
 * network runs layer by layer.
 *
 * @module
 */

import type { Chain } from "../core/scope.ts";
import type { Fusion } from "../core/variant.ts";
import { eventStep } from "./event_step.ts";
import { neuronBlock } from "./neuron_block.ts";

/** The fusions, in the order in which they are tried. */
export const FUSIONS: readonly Fusion[] = [eventStep];

/** How neighbours in a Sequential are compiled together, in the order in which they are tried. */
export const CHAINS: readonly Chain[] = [neuronBlock];
