/* Times as one says them, in the reader's own time zone. */

const two = (number) => String(number).padStart(2, "0");

const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());

export const clock = (date) => `${two(date.getHours())}:${two(date.getMinutes())}`;

/** "14:05", "昨天 14:05", "5月12日 14:05", "2023年5月12日 14:05" */
export function spoken(date, now = new Date()) {
  const days = Math.round((midnight(now) - midnight(date)) / 86400000);
  if (days === 0) return clock(date);
  if (days === 1) return `昨天 ${clock(date)}`;
  const day = `${date.getMonth() + 1}月${date.getDate()}日 ${clock(date)}`;
  return date.getFullYear() === now.getFullYear() ? day : `${date.getFullYear()}年${day}`;
}

/** "2024-05-12 14:05" */
export const written = (date) =>
  `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock(date)}`;

/** "20240512-1405", for file names */
export const stamp = (date) => written(date).replace(/[-:]/g, "").replace(" ", "-");

/** Whether a line is far enough from the one before to be given its time. */
export const pauseBetween = (before, after) =>
  after - before > 10 * 60000 || midnight(before).getTime() !== midnight(after).getTime();
