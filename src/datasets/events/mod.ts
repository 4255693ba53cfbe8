/**
 * Recordings of events: readers of the files that they come in.
 *
 * @module
 */
export * from "./aedat3.ts";
export * from "./aedat4.ts";
export * from "./bin.ts";
export type { FileParts } from "./byte_parts.ts";
export { type CameraEvents, collectEvents, sliceEvents } from "./camera_events.ts";
export * from "./gesture_trials.ts";
export * from "./load.ts";
export * from "./nmnist.ts";
export * from "./own_lengths.ts";
export * from "./shd.ts";
export type { RandomAccess } from "../../formats/hdf5/file_bytes.ts";
export * from "./slices.ts";
export * from "./transforms.ts";
