// A moment on this page: the day and the time, since most lie days back.
import { day, hourMinute } from "../../ui/time";

export function dayAndMinute(moment: string, language: string): string {
  return `${day(moment, language)}, ${hourMinute(moment)}`;
}
