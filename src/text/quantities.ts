/**
 * A share in percent.
 *
 * @param share The share, 0 to 1.
 * @param digits Digits after the point.
 * @returns The text, such as `97.50 %`.
 */
export function percent(share: number, digits = 2): string {
  return `${(100 * share).toFixed(digits)} %`;
}

/**
 * A duration in the units that suit it.
 *
 * @param seconds The seconds.
 * @param digits Digits after the point where it is less than a minute.
 * @returns The text, such as `59 s`, `2 min 5 s` or `3 h 4 min`.
 */
export function duration(seconds: number, digits = 0): string {
  const short = seconds.toFixed(digits);
  if (Number(short) < 60) return `${short} s`;
  const whole = Math.round(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}
