/** The losses in float64, one sample at a time, in the plainest way. */

/** The loss of a sample from what the loss reads of it, [classes] or, for potentials, [T][classes]. */
export type SampleLoss = (read: ArrayLike<number>, label: number, timeSteps: number) => number;

/** Its gradient for what it reads, by formula. */
export type SampleGradient = (
  read: ArrayLike<number>,
  label: number,
  timeSteps: number,
) => number[];

function softmax(logits: number[]): number[] {
  const most = Math.max(...logits);
  const powers = logits.map((x) => Math.exp(x - most));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

export interface Reference {
  loss: SampleLoss;
  gradient: SampleGradient;
  /** The size of the terms whose difference a gradient is, where that says more than its own. */
  terms?: (timeSteps: number, classes: number) => number;
}

/** Cross-entropy of logits that are the scores times a factor. */
export function crossEntropyOf(scale: (timeSteps: number) => number): Reference {
  const logits = (read: ArrayLike<number>, T: number) => Array.from(read, (x) => x * scale(T));
  return {
    loss: (read, label, T) => {
      const all = logits(read, T);
      const most = Math.max(...all);
      const sum = all.reduce((total, x) => total + Math.exp(x - most), 0);
      return Math.log(sum) + most - all[label]!;
    },
    gradient: (read, label, T) =>
      softmax(logits(read, T)).map((p, c) => (p - Number(c === label)) * scale(T)),
    terms: scale,
  };
}

/** Mean squared error of firing rates. */
export function rateMseOf(correct: number, wrong: number): Reference {
  const error = (count: number, isLabel: boolean, T: number) =>
    count / T - (isLabel ? correct : wrong);
  return {
    loss: (read, label, T) => {
      const squares = Array.from(read, (count, c) => error(count, c === label, T) ** 2);
      return squares.reduce((a, b) => a + b) / squares.length;
    },
    gradient: (read, label, T) =>
      Array.from(read, (count, c) => 2 * error(count, c === label, T) / (read.length * T)),
  };
}

/** Mean squared error of values. */
export function valueMseOf(correct: number, wrong: number): Reference {
  const error = (x: number, isLabel: boolean) => x - (isLabel ? correct : wrong);
  return {
    loss: (read, label) => {
      const squares = Array.from(read, (x, c) => error(x, c === label) ** 2);
      return squares.reduce((a, b) => a + b) / squares.length;
    },
    gradient: (read, label) => Array.from(read, (x, c) => 2 * error(x, c === label) / read.length),
    terms: (_, classes) => 2 / classes,
  };
}

/** How values over time become scores. */
export type ReadoutName = "mean" | "max" | "last";

/** The score of each class, of values [T][classes]. */
export function scoresOf(
  read: ArrayLike<number>,
  timeSteps: number,
  readout: ReadoutName,
): number[] {
  const classes = read.length / timeSteps;
  return Array.from({ length: classes }, (_, c) => {
    const own = Array.from({ length: timeSteps }, (_, t) => read[t * classes + c]!);
    if (readout === "last") return own.at(-1)!;
    return readout === "max" ? Math.max(...own) : own.reduce((a, b) => a + b) / timeSteps;
  });
}

/** A loss of scores that values over time become. */
export function overTime(reference: Reference, readout: ReadoutName): Reference {
  /** The only time step whose value counts, of each class. */
  const placesOf = (read: ArrayLike<number>, T: number, scores: readonly number[]) =>
    scores.map((score, c) =>
      Array.from({ length: T }, (_, t) => read[t * scores.length + c]!).indexOf(score)
    );
  return {
    loss: (read, label, T) => reference.loss(scoresOf(read, T, readout), label, T),
    gradient: (read, label, T) => {
      const scores = scoresOf(read, T, readout);
      const places = readout === "last" ? scores.map(() => T - 1) : placesOf(read, T, scores);
      const gradient = reference.gradient(scores, label, T);
      return Array.from(read, (_, at) => {
        const [t, c] = [Math.floor(at / scores.length), at % scores.length];
        return gradient[c]! * (readout === "mean" ? 1 / T : Number(t === places[c]));
      });
    },
    terms: (T, classes) => (reference.terms?.(T, classes) ?? 0) * (readout === "mean" ? 1 / T : 1),
  };
}

/** Mean squared error of potentials. */
export function potentialMseOf(correct: number, wrong: number): Reference {
  const error = (v: number, i: number, label: number, classes: number) =>
    v - (i % classes === label ? correct : wrong);
  return {
    loss: (read, label, T) => {
      const classes = read.length / T;
      const squares = Array.from(read, (v, i) => error(v, i, label, classes) ** 2);
      return squares.reduce((a, b) => a + b) / squares.length;
    },
    gradient: (read, label, T) =>
      Array.from(read, (v, i) => 2 * error(v, i, label, read.length / T) / read.length),
  };
}

/** The class with the largest score, of equals the lowest. */
export function answer(scores: ArrayLike<number>): number {
  return Array.from(scores).indexOf(Math.max(...Array.from(scores)));
}
