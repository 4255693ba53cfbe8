/** What calls of WebGPU gave. */
export interface Captured<T> {
  /** What they returned. */
  readonly result: T;
  /** The first error that the device reports of them; null if there is none, or no device any more. */
  readonly error: Promise<GPUError | null>;
}

/**
 * Calls WebGPU, and tells the errors of these calls from all others.
 *
 * The scope is closed before anything else can run, so that calls at the same time never see each
 * other's errors.
 *
 * @param device The device.
 * @param filter Which errors.
 * @param calls The calls.
 * @returns What they gave.
 */
export function captureError<T>(
  device: GPUDevice,
  filter: GPUErrorFilter,
  calls: () => T,
): Captured<T> {
  device.pushErrorScope(filter);
  let error!: Captured<T>["error"];
  let result: T;
  try {
    result = calls();
  } finally {
    // Some browsers refuse to pop a scope of a device that is lost.
    error = device.popErrorScope().catch(() => null);
  }
  return { result, error };
}
