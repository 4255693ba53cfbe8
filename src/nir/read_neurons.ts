import type { NeuronValue } from "../neurons/model.ts";
import {
  CubaLifNode,
  CubaLiNode,
  IfNode,
  LifNode,
  LiNode,
  type NeuronLayer,
  type NeuronOptions,
} from "../neurons/mod.ts";
import { isClose, nextFloat, toSteps } from "./exact.ts";
import { alike, perNeuron, type Reading } from "./reading.ts";

/** Makes neurons of a node, by its type. */
export const NEURONS: Readonly<Record<string, (reading: Reading) => NeuronLayer>> = {
  IF: readIf,
  LIF: readLif,
  LI: readLi,
  CubaLIF: readCubaLif,
  CubaLI: (reading) => new CubaLiNode(cubaOf(reading)),
  Threshold: readThreshold,
};

function readIf(reading: Reading): NeuronLayer {
  const r = perNeuron(reading, "r");
  const other = r.find((r) => !isClose(r * reading.dt, 1));
  if (other !== undefined) {
    const hint = other === 1
      ? "; files of Norse, sinabs and Spyx mean that neurons add their input whole: read it with dt 1"
      : "";
    throw reading.fail(
      `adds r dt = ${other * reading.dt} of its input at a time step: it must be 1${hint}`,
    );
  }
  return new IfNode(firingOf(reading));
}

function readLif(reading: Reading): NeuronLayer {
  const firing = firingOf(reading);
  const { time, decays } = timeOf(reading, "tau", "r");
  const other = time.find((tau) => tau <= 1);
  if (other !== undefined) throw tooShort(reading, "tau", other, "more than");
  const leak = perNeuron(reading, "v_leak");
  const rest = reading.softReset ? leak.map(() => 0) : perNeuron(reading, "v_reset");
  const apart = leak.findIndex((leak, i) => Math.fround(leak) !== Math.fround(rest[i]!));
  if (apart >= 0) {
    throw reading.fail(
      `has v_leak ${leak[apart]}, but resets to ${rest[apart]}: they must be equal` +
        (reading.softReset ? ", 0 with a soft reset" : ""),
    );
  }
  return new LifNode({ ...firing, tau: alike(time), decayInput: decays });
}

function readLi(reading: Reading): NeuronLayer {
  const { time, decays } = timeOf(reading, "tau", "r");
  return new LiNode({
    tau: alike(time),
    decayInput: decays,
    vRest: alike(perNeuron(reading, "v_leak")),
  });
}

function readCubaLif(reading: Reading): NeuronLayer {
  const cuba = cubaOf(reading);
  return new CubaLifNode({ ...firingOf(reading), ...cuba, vInit: cuba.vRest });
}

/** Without memory: current and potential are the input, as both time constants are one time step. */
function readThreshold(reading: Reading): NeuronLayer {
  return new CubaLifNode({
    tauSyn: 1,
    tauMem: 1,
    vThreshold: thresholdOf(reading, "threshold"),
  });
}

function cubaOf(reading: Reading) {
  const synapse = timeOf(reading, "tau_syn", "w_in");
  const membrane = timeOf(reading, "tau_mem", "r");
  return {
    tauSyn: alike(synapse.time),
    tauMem: alike(membrane.time),
    decayInput: synapse.decays,
    decayCurrent: membrane.decays,
    vRest: alike(perNeuron(reading, "v_leak")),
  };
}

/**
 * A time constant in time steps, and whether what comes in decays: it is multiplied by 1 then, and by tau, in
 * time steps, if it doesn't.
 */
function timeOf(
  reading: Reading,
  name: string,
  factorName: string,
): { time: number[]; decays: boolean } {
  const { dt } = reading;
  const time = perNeuron(reading, name, (seconds, isFloat) => toSteps(seconds, dt, isFloat));
  const short = time.find((tau) => !(tau >= 1));
  if (short !== undefined) throw tooShort(reading, name, short, "at least");
  // NIR's w_in is 1 where a file has none.
  const factor = factorName in reading.node.parameters
    ? perNeuron(reading, factorName)
    : time.map(() => 1);
  const distance = (to: (i: number) => number) =>
    factor.reduce((most, own, i) => Math.max(most, Math.abs(own - to(i)) / to(i)), 0);
  const [fromOne, fromTau] = [distance(() => 1), distance((i) => time[i]!)];
  if (Math.min(fromOne, fromTau) > 1e-6) {
    throw reading.fail(
      `has ${factorName} = ${factor[0]}: all must be 1, or all ${name} / dt, which is ${time[0]} ` +
        `with dt ${dt}`,
    );
  }
  return { time, decays: fromOne < fromTau };
}

function tooShort(reading: Reading, name: string, steps: number, least: string): Error {
  return reading.fail(
    `has ${name} of ${steps} time steps: it must be ${least} 1; is dt, ${reading.dt} s, the file's?` +
      (steps > 0 && steps < 1 ? " Norse writes times that are too short by its own dt" : ""),
  );
}

function firingOf(reading: Reading): Pick<NeuronOptions, "resetDelay" | "vReset" | "vThreshold"> {
  const { softReset } = reading;
  return {
    vThreshold: thresholdOf(reading, "v_threshold"),
    vReset: softReset ? null : alike(perNeuron(reading, "v_reset")),
    resetDelay: softReset === "delayed",
  };
}

/** Neurons here fire at their threshold: those that fire above it, at the next higher float32. */
function thresholdOf(reading: Reading, name: string): NeuronValue {
  const own = perNeuron(reading, name);
  if (reading.fires === "at") return alike(own);
  return alike(own.map((threshold) => {
    const higher = nextFloat(threshold, "higher");
    if (higher !== undefined) return higher;
    throw reading.fail(
      `has a ${name} of ${threshold}, above which devices have no next number: read it with fires "at"`,
    );
  }));
}
