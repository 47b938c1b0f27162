// What can be tried on the page: the same program each time, with one thing that differs.
import type { EvidencePlatform } from "@fogbow/core-attest";

/** Where the example's servers are, and what the page trusts. Written into the page when it is built. */
export interface EchoSettings {
  /** Base URLs: the server in front of the published code, and the one in front of code with one byte changed. */
  readonly servers: { readonly published: string; readonly tampered: string };
  readonly responderId: string;
  /** The published measurements, in the form of `enclaves/measurements.json`. */
  readonly measurements: string;
}

/** One thing to try. */
export interface Scenario {
  readonly id: "published" | "tampered" | "hardware-only" | "later";
  readonly title: string;
  readonly describes: string;
  readonly server: keyof EchoSettings["servers"];
  /** The platforms that the page's policy names. */
  readonly platforms: readonly EvidencePlatform[];
  /** By how much the clock is ahead, in milliseconds. */
  readonly clockAheadMs: number;
}

const DEVELOPMENT: readonly EvidencePlatform[] = ["sgx", "tdx", "sev-snp", "simulated"];
const HARDWARE: readonly EvidencePlatform[] = ["sgx", "tdx", "sev-snp"];
const YEAR_MS = 31_536_000_000;

/** All that can be tried; the first is what the page begins with. */
export const SCENARIOS: readonly [Scenario, ...Scenario[]] = [
  {
    id: "published",
    title: "The published code",
    describes: "An honest server.",
    server: "published",
    platforms: DEVELOPMENT,
    clockAheadMs: 0,
  },
  {
    id: "tampered",
    title: "One byte changed",
    describes: "A server whose code was tampered with.",
    server: "tampered",
    platforms: DEVELOPMENT,
    clockAheadMs: 0,
  },
  {
    id: "hardware-only",
    title: "Real hardware only",
    describes: "As an app for users has it: no simulations.",
    server: "published",
    platforms: HARDWARE,
    clockAheadMs: 0,
  },
  {
    id: "later",
    title: "A wrong clock",
    describes: "This device believes it is a year later.",
    server: "published",
    platforms: DEVELOPMENT,
    clockAheadMs: YEAR_MS,
  },
];
