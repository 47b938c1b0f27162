// The one form of RFC 3339 that attestation uses, as milliseconds since 1970-01-01T00:00:00Z.
import { civilTime } from "../der/time.ts";

const INSTANT = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})Z$/;

/** The instant that text such as `2025-06-19T10:56:11Z` names; undefined for other forms and days that never were. */
export function tryParseInstant(text: string): number | undefined {
  const parts = INSTANT.exec(text)?.slice(1).map(Number);
  if (parts === undefined) {
    return undefined;
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  return civilTime({ year, month, day, hour, minute, second });
}
