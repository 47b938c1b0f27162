// What a verdict says, as nine lines that anyone can read: each with a mark, a sentence, and the checks behind it.
import { type Check, describeMeasurement, type Verdict } from "@fogbow/core-attest";

/** The lines, in the order of the page. */
export const ITEM_IDS = [
  "measurement",
  "platform",
  "certificates",
  "revocation",
  "evidence",
  "tcb",
  "time",
  "binding",
  "debug",
] as const;

/** Which line it is. */
export type ItemId = (typeof ITEM_IDS)[number];

/** `warned` is for what holds and yet protects nobody, `unchecked` for evidence that cannot even be read. */
export type ItemState = "passed" | "warned" | "failed" | "unchecked";

/** A line of the checklist. */
export interface ChecklistItem {
  readonly id: ItemId;
  readonly state: ItemState;
  /** What holds or does not, in a sentence. */
  readonly says: string;
  /** The field's own word for it. */
  readonly term: string;
  /** The one fact worth showing at once; none for some. */
  readonly fact: string | undefined;
  /** The checks that the line sums up. */
  readonly checks: readonly NamedCheck[];
}

/** A single check, or several that expected and found the same, named by where in the tree they stand. */
export interface NamedCheck {
  readonly names: readonly string[];
  readonly ok: boolean;
  readonly expected: string | undefined;
  readonly actual: string | undefined;
}

/**
 * The checklist of a verdict at a time, in milliseconds since 1970. Every check is in one line, and a line passes when all
 * of its checks do.
 */
export function checklistOf(verdict: Verdict, at: number): ChecklistItem[] {
  const leaves = verdict.checks.flatMap((check) => leavesOf(check, []));
  return ITEM_IDS.map((id) => {
    const checks = merge(leaves.filter(({ item }) => item === id));
    const state = stateOf(id, checks, verdict);
    return { id, state, says: WORDS[id][state], term: WORDS[id].term, fact: factOf(id, verdict, at), checks };
  });
}

/** The sentences. */
const WORDS: Readonly<Record<ItemId, { readonly term: string } & Readonly<Record<ItemState, string>>>> = {
  measurement: words("Measurement", "It runs exactly the published code", "It does not run the published code"),
  platform: words(
    "Platform",
    "It runs on a platform this page accepts",
    "It runs on a platform this page does not accept",
  ),
  certificates: words(
    "Certificate chain",
    "Its certificates lead to a root this page knows",
    "Its certificates do not lead to a root this page knows",
  ),
  revocation: words(
    "Revocation lists",
    "None of its certificates was revoked",
    "Its certificates may have been revoked",
  ),
  evidence: words(
    "Evidence",
    "The evidence is whole: every signature holds",
    "The evidence is damaged, or not signed as it must be",
  ),
  tcb: words("TCB status", "Its platform is up to date", "Its platform is not in a state that this page accepts"),
  time: words("Validity", "Everything is valid at this moment", "Something has expired, or is not valid yet"),
  binding: words(
    "Key binding",
    "The evidence belongs to this very connection",
    "The evidence belongs to somebody else",
  ),
  debug: {
    ...words("Debug flag", "Its memory is closed to its host", "Its host can look into its memory"),
    warned: "Its host can look into its memory: it is a simulation",
  },
};

function words(term: string, passed: string, failed: string): (typeof WORDS)[ItemId] {
  return { term, passed, failed, warned: passed, unchecked: "This could not be checked" };
}

const ROOTS: Readonly<Record<NonNullable<Verdict["platform"]>, string>> = {
  sgx: "Intel SGX Root CA",
  tdx: "Intel SGX Root CA",
  "sev-snp": "AMD Root Key",
  simulated: "Fogbow simulated platform, protects nobody",
  "software-mode": "Simulation Intel SGX Attestation Report Signing CA",
};

/** Which line a check belongs to. What is not named below is about the state of the platform. */
function itemOf(id: string): ItemId {
  return ITEM_OF[id] ?? (id.endsWith("-chain") ? "certificates" : "tcb");
}

const ITEM_OF: Readonly<Record<string, ItemId>> = {
  measurement: "measurement",
  "security-version": "measurement",
  platform: "platform",
  chain: "certificates",
  anchor: "certificates",
  extensions: "certificates",
  authority: "certificates",
  issuer: "certificates",
  revocation: "revocation",
  "revocation-list": "revocation",
  parse: "evidence",
  signature: "evidence",
  "qe-report-signature": "evidence",
  "attestation-key": "evidence",
  "quote-signature": "evidence",
  "ark-signature": "evidence",
  "signing-key": "evidence",
  "report-signature": "evidence",
  validity: "time",
  issued: "time",
  current: "time",
  "report-data": "binding",
  "handshake-key": "binding",
  debug: "debug",
};

type Leaf = NamedCheck & { readonly item: ItemId };

/** The checks at the ends of the tree: those without parts, and those that failed for no part of theirs. */
function leavesOf(check: Check, above: readonly string[]): Leaf[] {
  const { id, ok, expected, actual, children = [] } = check;
  const isLeaf = children.length === 0 || (!ok && children.every((child) => child.ok));
  const own = isLeaf
    ? [{ names: [[...above, id].map(readable).join(" › ")], ok, expected, actual, item: itemOf(id) }]
    : [];
  return [...own, ...children.flatMap((child) => leavesOf(child, [...above, id]))];
}

/** Makes one of all that expected and found the same; those that failed come first. */
function merge(leaves: readonly Leaf[]): NamedCheck[] {
  const merged = new Map<string, NamedCheck>();
  for (const { names, ok, expected, actual } of [...leaves].sort((a, b) => Number(a.ok) - Number(b.ok))) {
    const key = JSON.stringify([ok, expected, actual]);
    merged.set(key, { names: [...(merged.get(key)?.names ?? []), ...names], ok, expected, actual });
  }
  return [...merged.values()];
}

const readable = (id: string): string =>
  id.replaceAll("-", " ").replace(/\b(tcb|qe|pck|crl|pce|fmspc|tdx)\b/g, (word) => word.toUpperCase());

function stateOf(id: ItemId, checks: readonly NamedCheck[], { platform }: Verdict): ItemState {
  if (checks.some(({ ok }) => !ok)) return "failed";
  if (checks.length === 0) return "unchecked";
  const isSimulated = platform === "simulated" || platform === "software-mode";
  return isSimulated && id === "debug" ? "warned" : "passed";
}

function factOf(id: ItemId, verdict: Verdict, at: number): string | undefined {
  const { measurement, platform, tcbStatus, advisories, validUntil } = verdict;
  switch (id) {
    case "measurement":
      return measurement && describeMeasurement(measurement).split(",")[0]?.replace(LONG_NUMBER, "$1…$2");
    case "platform":
      return platform;
    case "certificates":
      return platform && ROOTS[platform];
    case "tcb":
      return tcbStatus && `${tcbStatus}, ${advisories.length === 0 ? "no advisories" : advisories.join(", ")}`;
    case "time":
      return validUntil === undefined ? `the clock says ${showMinute(at)}` : `until ${showMinute(validUntil)}`;
    default:
      return undefined;
  }
}

/** A number too long to be read: what is shown is its beginning and its end. */
const LONG_NUMBER = /([0-9a-f]{8})[0-9a-f]{16,}([0-9a-f]{8})/;

/** An instant for people, to the minute. */
export function showMinute(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
