// `init`: the network's rules and the key that signs blocks. Comes first, and once.
import { publicAddressToWire } from "@fogbow/core-account";
import {
  ChannelResponder,
  type EvidenceMessage,
  type KeyPair,
  PeerChannels,
  type VerifyPeer,
} from "@fogbow/core-attest";
import { feeRecipient } from "@fogbow/core-block";
import { toHex } from "@fogbow/core-bytes";
import { decodeMessage, encodeMessage, InitRequestSchema, InitResponseSchema, readPresent } from "@fogbow/core-wire";
import type { EnclaveParts } from "@fogbow/runtime-enclave";
import { openSigningKey } from "../block-signing-key.ts";
import { chainRulesDigest, readChainRules } from "../chain-rules.ts";
import type { EnclaveState, Sign } from "../enclave-state.ts";
import { DOOR } from "../limits.ts";
import { mintingTrustRoot } from "../minting-trust-root.ts";
import { KeptLedger } from "../retention/kept-ledger.ts";
import { SummedLedger } from "../retention/summed-ledger.ts";
import { type StoreLimits, TransactionStore } from "../transaction-store.ts";
import { type VerifierParts, verifierOf } from "../verify-encoded.ts";
import type { SignatureMemo } from "../verify-txs.ts";

/** What `init` works with. */
export interface InitParts extends Pick<EnclaveParts, "random" | "sealing">, VerifierParts {
  readonly staticKey: KeyPair;
  readonly evidence: () => EvidenceMessage;
  readonly verifyPeer: VerifyPeer;
  readonly sign: Sign;
  readonly memo: SignatureMemo | undefined;
  readonly storeLimits: StoreLimits | undefined;
}

/** The state to go on with, and the answer. Throws ConsensusError, AttestError, WireError, and what sealing throws. */
export function init(
  input: Uint8Array,
  parts: InitParts,
): { readonly state: EnclaveState; readonly answer: Uint8Array } {
  const request = decodeMessage(InitRequestSchema, input, DOOR);
  const rules = readChainRules(readPresent(request.chain, "chain"));
  const rulesDigest = toHex(chainRulesDigest(rules));
  const verifyEncoded = verifierOf(request.verifierThreads, parts);
  const { key, sealed } = openSigningKey(request.sealedBlockSigningKey, parts);
  const { random, sign, memo } = parts;
  const signer = key.publicKey();
  return {
    state: {
      rules,
      rulesDigest,
      signingKey: key,
      signer,
      sign,
      random,
      clients: new ChannelResponder({ responderId: request.clientResponderId }, parts),
      peers: new PeerChannels(`${request.peerResponderId}-${rulesDigest}`, parts),
      txs: new TransactionStore(rules, parts.storeLimits),
      verifyEncoded,
      memo,
      kept: request.forgets ? KeptLedger.open(request.sealedLedger, parts) : undefined,
      summed: request.forgets ? undefined : SummedLedger.open(request.sealedLedger, parts),
      sorting: undefined,
      audit: undefined,
      lastSigned: undefined,
    },
    answer: encodeMessage(InitResponseSchema, {
      sealedBlockSigningKey: sealed,
      blockSigningKey: { data: signer },
      mintingTrustRoot: { data: mintingTrustRoot(rules.network) },
      chainConfigDigest: rulesDigest,
      feeRecipient: publicAddressToWire(feeRecipient(rules.network)),
    }),
  };
}
