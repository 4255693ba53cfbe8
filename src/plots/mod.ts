/**
 * Plots of a training and of what its network does, as SVG or PNG, and a page that holds them.
 * They are functions of plain arrays, and none of them needs a GPU or a DOM.
 *
 * ```ts
 * import { spikeRaster, toPng } from "@galvani/snn/plots";
 * import { assert } from "@std/assert";
 *
 * const spikes = new Uint8Array([0, 1, 1, 0, 0, 1]);
 * const svg = await spikeRaster(spikes, { timeSteps: 3, neurons: 2 });
 * const png = await toPng(svg);
 * assert(png.length > 0);
 * ```
 *
 * @module
 */
export * from "./accuracy_curve.ts";
export * from "./confusion_matrix.ts";
export * from "./event_picture.ts";
export * from "./event_raster.ts";
export * from "./feature_maps.ts";
export * from "./filter_pictures.ts";
export * from "./heat_map.ts";
export * from "./picture.ts";
export * from "./plot_options.ts";
export * from "./report.ts";
export * from "./report_data.ts";
export * from "./run_curves.ts";
export * from "./spike_raster.ts";
export * from "./to_png.ts";
export * from "./weight_pictures.ts";
