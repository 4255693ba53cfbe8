/**
 * A share as people read it.
 *
 * @param ratio The share, 0 to 1.
 * @returns The text, such as "97.50 %".
 */
export const percent = (ratio: number): string => `${(100 * ratio).toFixed(2)} %`;

/**
 * A time as people read it.
 *
 * @param seconds The time.
 * @param digits Digits after the point of seconds, below a minute.
 * @returns The text, such as "2 h 5 min", "1 min 30 s" or "12.3 s".
 */
export function duration(seconds: number, digits = 0): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${seconds.toFixed(digits)} s`;
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}
