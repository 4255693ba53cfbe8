/** Options of every plot. */
export interface PlotOptions {
  /**
   * The heading above the plot.
   *
   * @default {What the plot shows}
   */
  title?: string;
}
