import { colorBar, LEAST_BAR } from "./color_bar.ts";
import { figureSpec } from "./figure.ts";
import { type PictureGrid, pictureGrid } from "./picture_grid.ts";
import { render } from "./render.ts";

/** Pictures in rows, and what is written beside them. */
export interface PictureFigure extends PictureGrid {
  title: string;
  subtitle?: string;
  /** What the colours say, with its unit. */
  quantity: string;
  /** The least width of the plot, so that a narrow picture leaves room for the title. */
  leastWidth?: number;
}

/**
 * Makes a figure of pictures in rows with a colour bar beside them.
 *
 * @param figure The pictures and the texts.
 * @returns The text of an SVG.
 */
export async function pictureFigure(figure: PictureFigure): Promise<string> {
  const { title, subtitle, quantity, low, high, palette, leastWidth = 0 } = figure;
  const grid = await pictureGrid(figure);
  const plot = {
    width: Math.max(leastWidth, grid.width),
    height: Math.max(LEAST_BAR, grid.height),
  };
  const bar = await colorBar({
    title: quantity,
    ...{ low, high, palette },
    x: plot.width,
    height: plot.height,
  });
  return await render(figureSpec({
    ...plot,
    title,
    ...subtitle === undefined ? {} : { subtitle },
    left: 0,
    right: bar.space,
    bottom: 4,
    scales: [bar.scale],
    axes: [bar.axis],
    marks: [...grid.marks, ...bar.marks],
  }));
}
