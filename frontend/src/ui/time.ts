// Time in words and figures: counts up as m:ss, moments as HH:MM:SS on the reader's own clock.

const pad = (n: number) => String(n).padStart(2, "0");

/** `6:41`, `1:06:41`; never below zero, so that clocks that differ a little show 0:00. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = pad(seconds % 60);
  return hours > 0 ? `${hours}:${pad(minutes)}:${rest}` : `${minutes}:${rest}`;
}

export function since(moment: string, now: number): string {
  return span(now - Date.parse(moment));
}

/** What is left, rounded up: 0:01 is shown until the moment itself. */
export function until(moment: string, now: number): string {
  return span(Math.ceil((Date.parse(moment) - now) / 1000) * 1000);
}

export function clock(moment: string | number): string {
  const at = new Date(moment);
  return `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
}

export function hourMinute(moment: string): string {
  return clock(moment).slice(0, 5);
}

/** `Thu 20:00` when it is another day, else `20:00`. */
export function dayAndTime(moment: string, now: number, language: string): string {
  const at = new Date(moment);
  if (at.toDateString() === new Date(now).toDateString()) return hourMinute(moment);
  return `${new Intl.DateTimeFormat(language, { weekday: "short" }).format(at)} ${hourMinute(moment)}`;
}

/** `3 Nov`, for things of other days. */
export function day(moment: string, language: string): string {
  return new Intl.DateTimeFormat(language, { day: "numeric", month: "short" }).format(new Date(moment));
}
