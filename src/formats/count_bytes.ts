/**
 * Says how many bytes, for messages.
 *
 * @param count The number of bytes.
 * @returns Such as "1 byte".
 */
export function countBytes(count: number | bigint): string {
  return `${count} byte${Number(count) === 1 ? "" : "s"}`;
}
