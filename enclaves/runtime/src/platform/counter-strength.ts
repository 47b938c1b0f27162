// How strong each platform's monotonic counter is. None of today's has one of its own: it is a file that the host keeps.
import type { EvidencePlatform } from "@fogbow/core-attest";
import type { CounterStrength } from "../enclave.ts";

const STRENGTHS: Readonly<Record<EvidencePlatform, CounterStrength>> = {
  sgx: "none", // Server processors have no counters, and Gramine stands nothing in for them.
  tdx: "none",
  "sev-snp": "none",
  simulated: "none",
  "software-mode": "none",
};

/** The strength of the counter of an enclave whose evidence comes from this platform. */
export function counterStrength(platform: EvidencePlatform): CounterStrength {
  return STRENGTHS[platform];
}
