// Instants in certificates (RFC 5280 §4.1.2.5): UTCTime and GeneralizedTime in their one accepted form each, and how an
// instant is shown. Instants are milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
import { type DerReader, malformed, TAG } from "./read-der.ts";

const DAY_MS = 86_400_000;

/** An instant in either form, to the second and in UTC. Throws `der-malformed`. */
export function readTime(reader: DerReader): number {
  const { tag, content } = reader.element();
  const text = String.fromCharCode(...content.subarray(0, 16)); // One longer than the longer form: enough to refuse it.
  if (tag === TAG.utcTime && /^\d{12}Z$/.test(text)) {
    const year = Number(text.slice(0, 2));
    return readCivil(`${year < 50 ? 20 : 19}${text}`);
  }
  if (tag === TAG.generalizedTime && /^\d{14}Z$/.test(text)) {
    return readCivil(text);
  }
  throw malformed("A time is not written as YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ.");
}

function readCivil(text: string): number {
  const time = civilTime({
    year: Number(text.slice(0, 4)),
    month: Number(text.slice(4, 6)),
    day: Number(text.slice(6, 8)),
    hour: Number(text.slice(8, 10)),
    minute: Number(text.slice(10, 12)),
    second: Number(text.slice(12, 14)),
  });
  if (time === undefined) {
    throw malformed("A time does not exist in the calendar.");
  }
  return time;
}

/** A day of the Gregorian calendar and a time of day, in UTC. Months and days count from 1. */
export interface CivilTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** The instant of a civil time; undefined for one that does not exist. */
export function civilTime({ year, month, day, hour, minute, second }: CivilTime): number | undefined {
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) {
    return undefined;
  }
  if (hour > 23 || minute > 59 || second > 59) {
    return undefined;
  }
  return daysSinceEpoch(year, month, day) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000;
}

/** An instant as RFC 3339 writes it, to the second. */
export function showTime(time: number): string {
  if (!Number.isFinite(time)) {
    return "no time";
  }
  const days = Math.floor(time / DAY_MS);
  const seconds = Math.floor((time - days * DAY_MS) / 1000);
  let year = 1970 + Math.floor(days / 365.2425);
  while (daysSinceEpoch(year, 1, 1) > days) year -= 1;
  while (daysSinceEpoch(year + 1, 1, 1) <= days) year += 1;
  let month = 1;
  let day = days - daysSinceEpoch(year, 1, 1) + 1;
  while (day > daysInMonth(year, month)) {
    day -= daysInMonth(year, month);
    month += 1;
  }
  const [hour, minute, second] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(second)}Z`;
}

function pad(value: number, width = 2): string {
  return `${value}`.padStart(width, "0");
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function daysInMonth(year: number, month: number): number {
  const days = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return days[month - 1] ?? 0;
}

/** Whole days from 1970-01-01 to a day, counted over years and months. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  let days = before * 365 + leapDays - 719_162; // 719 162 days lie between 0001-01-01 and 1970-01-01.
  for (let m = 1; m < month; m++) {
    days += daysInMonth(year, m);
  }
  return days + day - 1;
}
