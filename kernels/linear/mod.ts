/**
 * Linear layers: a kernel for each kind of signal and direction.
 *
 * @module
 */
export { default as eventStep } from "./event_step.wgsl" with { type: "text" };
export { default as forward } from "./forward.wgsl" with { type: "text" };
export { default as forwardEvents } from "./forward_events.wgsl" with { type: "text" };
export { default as forwardPixels } from "./forward_pixels.wgsl" with { type: "text" };
export { default as forwardRecordings } from "./forward_recordings.wgsl" with { type: "text" };
export { default as gradient } from "./gradient.wgsl" with { type: "text" };
export { default as gradientEvents } from "./gradient_events.wgsl" with { type: "text" };
export { default as gradientPixels } from "./gradient_pixels.wgsl" with { type: "text" };
export { default as gradientRecordings } from "./gradient_recordings.wgsl" with { type: "text" };
export { default as gradientRows } from "./gradient_rows.wgsl" with { type: "text" };
export { default as inputGradient } from "./input_gradient.wgsl" with { type: "text" };
export { default as readConstant } from "./read_constant.wgsl" with { type: "text" };
export { default as readDense } from "./read_dense.wgsl" with { type: "text" };
export { default as readSpikes } from "./read_spikes.wgsl" with { type: "text" };
export { default as rows } from "./rows.wgsl" with { type: "text" };
export { default as workgroupEventStep } from "./workgroup_event_step.wgsl" with { type: "text" };
export { default as workgroupForwardEvents } from "./workgroup_forward_events.wgsl" with { type: "text" };
export { default as workgroupGradientEvents } from "./workgroup_gradient_events.wgsl" with { type: "text" };
