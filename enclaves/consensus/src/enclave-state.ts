// What the enclave holds between calls, from `init` on.
import type { ChannelResponder, PeerChannels } from "@fogbow/core-attest";
import type { Block } from "@fogbow/core-block";
import type { Random } from "@fogbow/core-bytes";
import type { Ed25519PrivateKey } from "@fogbow/core-crypto";
import type { ChainRules } from "./chain-rules.ts";
import type { KeptLedger } from "./retention/kept-ledger.ts";
import type { RecordAudit } from "./retention/record-audit.ts";
import type { Sorting } from "./retention/sorting.ts";
import type { SummedLedger } from "./retention/summed-ledger.ts";
import type { TransactionStore } from "./transaction-store.ts";
import type { SignatureMemo, VerifyEncoded } from "./verify-txs.ts";

/** An enclave that was initialised. */
export interface EnclaveState {
  readonly rules: ChainRules;
  /** The part of peers' names that says by which rules they go. */
  readonly rulesDigest: string;
  readonly signingKey: Ed25519PrivateKey;
  /** Its public half, 32 bytes. */
  readonly signer: Uint8Array;
  readonly sign: Sign;
  readonly random: Random;
  readonly clients: ChannelResponder;
  readonly peers: PeerChannels;
  readonly txs: TransactionStore;
  readonly verifyEncoded: VerifyEncoded;
  readonly memo: SignatureMemo | undefined;
  /** The ledger, if the node forgets: then nobody else can read it. */
  readonly kept: KeptLedger | undefined;
  /** The ledger summed up, if the node keeps everything. */
  readonly summed: SummedLedger | undefined;
  /** The ledger whose key images are sorted for a checkpoint. */
  sorting: Sorting | undefined;
  /** What was read of the records of a node that forgets, if they are being verified. */
  audit: RecordAudit | undefined;
  /** The highest block that was signed since the enclave started. */
  lastSigned: Block | undefined;
}

/** An Ed25519 signature, 64 bytes. */
export type Sign = (key: Ed25519PrivateKey, message: Uint8Array) => Uint8Array;

/** One entry point: from message to message. */
export type Call = (input: Uint8Array, state: EnclaveState) => Uint8Array | Promise<Uint8Array>;
