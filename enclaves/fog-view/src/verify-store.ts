// Whom a router takes for a store: this very enclave on the same kind of platform.
import {
  assertVerdict,
  createCollateralParser,
  createPolicy,
  decodeEvidence,
  type PeerEvidence,
  verifyEvidence,
} from "@fogbow/core-attest";
import type { PeerIdentity } from "@fogbow/runtime-enclave";

/** Decides whether evidence is that of a store; rejects with an AttestError when it is not. `now` is the host's clock. */
export type VerifyStore = (evidence: PeerEvidence, now: number) => Promise<unknown>;

/** Verifies that evidence is of this identity. A host that lies about the time can accept a platform withdrawn since, not other code. */
export function storeVerifier({ identity, platform }: PeerIdentity): VerifyStore {
  const policy = createPolicy({ measurements: [{ identity }], platforms: [platform] });
  const parseCollateral = createCollateralParser();
  return async ({ key, ...evidence }, at) => {
    const question = { evidence: decodeEvidence(evidence), policy, at, handshakeKey: key };
    assertVerdict(await verifyEvidence(question, { parseCollateral }));
  };
}
