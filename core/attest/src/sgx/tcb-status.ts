// How up to date a platform is, in Intel's words, and how the words compare (spec 04 §6.4, §7.3).

/** What Intel calls the states of a platform, from worst to best. */
export const TCB_STATUSES = [
  "Revoked",
  "OutOfDateConfigurationNeeded",
  "OutOfDate",
  "ConfigurationAndSWHardeningNeeded",
  "ConfigurationNeeded",
  "SWHardeningNeeded",
  "UpToDate",
] as const;

/** A state of a platform. */
export type TcbStatus = (typeof TCB_STATUSES)[number];

/** The states that a policy may accept: what is out of date or revoked can never be trusted. */
export const ACCEPTABLE_TCB_STATUSES: readonly TcbStatus[] = TCB_STATUSES.slice(3);

/** Whether a text is a state. */
export function isTcbStatus(text: string): text is TcbStatus {
  return TCB_STATUSES.some((status) => status === text);
}

/** Whether `status` is `floor` or better. */
export function isAtLeast(status: TcbStatus, floor: TcbStatus): boolean {
  return TCB_STATUSES.indexOf(status) >= TCB_STATUSES.indexOf(floor);
}

/** The worse of two states. */
export function worseStatus(a: TcbStatus, b: TcbStatus): TcbStatus {
  return isAtLeast(a, b) ? b : a;
}
