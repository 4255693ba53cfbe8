/** What {@linkcode reportHtml} makes a page of. */
export interface ReportData {
  /** The name of the run. */
  title: string;
  /** The adapter that it ran on. */
  adapter: string;
  /** The seconds that the training took. */
  seconds: number;
  /** The training images of a second, from start to end. */
  imagesPerSecond: number;
  /** What the run was started with: names and values, in the order to show. */
  options: readonly (readonly [name: string, value: string])[];
  /** The epochs, in order; at least one. */
  epochs: readonly ReportEpoch[];
  /** The curve of the accuracies. */
  curve: ReportFigure;
  /** The other plots, in the order to show. */
  figures: readonly ReportFigure[];
  /**
   * How often the neurons of each layer spike.
   *
   * @default {No table of them}
   */
  firingRates?: readonly ReportFiringRate[];
  /**
   * Tables of other numbers.
   *
   * @default {None}
   */
  tables?: readonly ReportTable[];
  /**
   * What looks wrong, a sentence each.
   *
   * @default {No such section}
   */
  alarms?: readonly string[];
  /**
   * How to go on.
   *
   * @default {No such section}
   */
  commands?: readonly ReportCommand[];
}

/** What an epoch gave. */
export interface ReportEpoch {
  /** The epoch, from 1. */
  epoch: number;
  /** Mean loss of the training. */
  trainLoss: number;
  /** Correctly classified training images, 0 to 1. */
  trainAccuracy: number;
  /** Mean loss of the test; without, the page says nothing of it. */
  testLoss?: number;
  /** Correctly classified test images, 0 to 1; without, the page says nothing of it. */
  testAccuracy?: number;
  /** The seconds that the epoch took. */
  seconds: number;
}

/** A plot. */
export interface ReportFigure {
  /** The text of an SVG, without scripts and styles. */
  svg: string;
  /** What it shows. */
  caption: string;
}

/** How often the neurons of a layer spike. */
export interface ReportFiringRate {
  /** The layer's name. */
  layer: string;
  /** Spikes of a neuron per time step, the mean over neurons and images, 0 to 1. */
  rate: number;
}

/** A table of numbers. */
export interface ReportTable {
  /** Its heading. */
  heading: string;
  /** What it says, in a sentence. */
  text: string;
  /** Cells, the columns' headings first; the first cell of a row is its name. */
  rows: readonly (readonly string[])[];
}

/** A command to go on with. */
export interface ReportCommand {
  /** What it does. */
  purpose: string;
  /** The command line. */
  command: string;
}
