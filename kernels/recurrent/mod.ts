/**
 * Recurrent layers: neurons that hear what each other fired one time step before.
 *
 * @module
 */
export { default as backward } from "./backward.wgsl" with { type: "text" };
export { default as forward } from "./forward.wgsl" with { type: "text" };
export { default as workgroupBackward } from "./workgroup_backward.wgsl" with { type: "text" };
export { default as workgroupForward } from "./workgroup_forward.wgsl" with { type: "text" };
