import type { Evaluation, LayerFiring } from "../../model/evaluation.ts";
import { percent } from "../../text/quantities.ts";
import { align } from "../../text/align.ts";
import { namedLabel } from "./classification_text.ts";
import { paint, type Terminal } from "./terminal.ts";

/** How many confusions are listed where their table is too wide. */
const LISTED = 10;
/** Shares of a label's pictures from which wrong answers are conspicuous. */
const [FEW, MANY] = [0.01, 0.05];

/** What labels mean. */
interface NamedClasses {
  /** The names of the classes, where labels aren't the names. */
  readonly classNames?: readonly string[] | undefined;
}

/**
 * Writes what an evaluation gave as tables for people.
 *
 * @param evaluation The evaluation, and how many epochs the network was trained for.
 * @param terminal Where the text goes.
 * @returns Lines of text.
 */
export function evaluationText(
  evaluation: Evaluation & NamedClasses & { readonly epoch: number },
  terminal: Terminal,
): string {
  const { epoch, accuracy, loss, answers, firing } = evaluation;
  const share = paint(terminal, "bold", percent(accuracy));
  const silence = silenceText(firing);
  return [
    `Accuracy ${share}, loss ${loss.toFixed(5)}: ` +
    `${answers.length} pictures, network of epoch ${epoch}`,
    "",
    ...confusions(evaluation, terminal),
    ...firing.length === 0 ? [] : ["", ...firingTable(evaluation)],
    ...silence === undefined ? [] : ["", paint(terminal, "yellow", silence)],
  ].join("\n");
}

/**
 * Says which layers say nothing.
 *
 * @param firing How each layer of neurons fired.
 * @returns The text; nothing if each of them fired.
 */
export function silenceText(firing: readonly LayerFiring[]): string | undefined {
  const silent = firing.filter(({ silent, rates }) => silent === rates.length);
  if (silent.length === 0) return undefined;
  const names = silent.map(({ layer, kind }) => `${layer} (${kind})`).join(", ");
  return `No neuron of ${names} fired for any picture: the answers say nothing`;
}

/** The confusion matrix, or only its largest numbers where it is too wide. */
function confusions(
  { confusion, classNames }: Evaluation & NamedClasses,
  terminal: Terminal,
): string[] {
  const classes = Math.sqrt(confusion.length);
  const named = (label: number) => namedLabel(label, classNames);
  const rows = Array.from({ length: classes }, (_, label) => {
    const counts = confusion.subarray(label * classes, (label + 1) * classes);
    return { label, counts, total: counts.reduce((sum, count) => sum + count, 0) };
  });
  const width = Math.max(...[...confusion, classes - 1].map((count) => String(count).length));
  const longest = Math.max(...rows.map(({ label }) => named(label).length));
  const title = "label ".padEnd(longest + 1);
  const head = `${title}${
    rows.map(({ label }) => String(label).padStart(width + 2)).join("")
  }   right`;
  if (head.length > terminal.columns) return listedConfusions(rows, named);
  const body = rows.map(({ label, counts, total }) => {
    const cells = Array.from(counts, (count, answer) => {
      const text = (count === 0 ? "·" : String(count)).padStart(width + 2);
      if (answer === label) return paint(terminal, "green", text);
      if (count === 0) return paint(terminal, "dim", text);
      if (count >= MANY * total) return paint(terminal, "red", text);
      return count >= FEW * total ? paint(terminal, "yellow", text) : text;
    });
    const right = total === 0 ? "" : `${(100 * counts[label]! / total).toFixed(1)} %`.padStart(8);
    const name = classNames ? named(label).padEnd(longest) : String(label).padStart(5);
    return `${name} ${cells.join("")}${right}`;
  });
  return ["How often each label got which answer", head, ...body];
}

function listedConfusions(
  rows: readonly { readonly label: number; readonly counts: Uint32Array; readonly total: number }[],
  named: (label: number) => string,
): string[] {
  const wrong = rows.flatMap(({ label, counts, total }) =>
    Array.from(counts, (count, answer) => ({ label, answer, count, share: count / total }))
  )
    .filter(({ label, answer, count }) => label !== answer && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, LISTED);
  const cells = wrong.map(({ label, answer, count, share }) => [
    named(label),
    named(answer),
    String(count),
    `${(100 * share).toFixed(1)} %`,
  ]);
  return [
    "Most frequent confusions",
    ...align([["label", "answer", "times", "of it"], ...cells], []),
  ];
}

function firingTable({ firing }: Evaluation): string[] {
  const rows = firing.map(({ layer, kind, rates, meanRate, silent }) => [
    layer,
    kind,
    String(rates.length),
    meanRate.toFixed(4),
    String(silent),
  ]);
  return align([["layer", "", "neurons", "spikes a step", "silent"], ...rows], [0, 1]);
}
