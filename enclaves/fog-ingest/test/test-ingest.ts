// What an ingest server's host does with its enclave, without a server around it; and users who pay each other, whose outputs it
// takes in. The enclave may run in this thread or behind a door.
import {
  type AccountKey,
  accountKeyFromRootEntropy,
  publicAddress,
  subaddress,
  viewAccountKey,
} from "@fogbow/core-account";
import { createSimulatedPlatform, decodeAuthMessage, encodeEvidence, makeSimulatedEvidence } from "@fogbow/core-attest";
import { MOB, type Random, Secret, toHex, tokenId, tokenValue } from "@fogbow/core-bytes";
import { KexRng, kexRngPublicKey, type PublicKey, publicKey } from "@fogbow/core-crypto";
import {
  type BlockVersion,
  createTxOut,
  decoyFogHint,
  encodeMemo,
  encryptFogHint,
  type MatchedTxOut,
  matchTxOutRecord,
  openTxOutRecord,
  SubaddressTable,
  type TxOut,
  txOutToWire,
} from "@fogbow/core-transaction";
import {
  decodeMessage,
  type ETxOutRecord,
  encodeMessage,
  IngestInitRequestSchema,
  type IngestKeys,
  IngestKeysSchema,
  IngestPeerAuthRequestSchema,
  IngestPeerBeginRequestSchema,
  IngestPeerChannelSchema,
  IngestPeerFinishRequestSchema,
  IngestRequestSchema,
  type IngestResponse,
  IngestResponseSchema,
  type KexRngPubkey,
  KexRngPubkeySchema,
} from "@fogbow/core-wire";
import type { Enclave } from "@fogbow/runtime-enclave";
import { seededRandom, testParts } from "../../runtime/test/test-parts.ts";
import { createFogIngestEnclave, type FogIngestOverrides, type FogIngestParts } from "../src/index.ts";

/** Asks an enclave. */
export type Ask = (entryPoint: string, input: Uint8Array) => Promise<Uint8Array>;

/** The time by every clock. */
export const NOW: number = Date.UTC(2026, 10, 30);

const NONE = new Uint8Array(0);
const ANY = { bytesMax: 67_108_864 };

/** What an enclave is started with. */
export interface TestIngestOptions {
  readonly name?: string;
  readonly capacity?: number;
  readonly sealedKey?: Uint8Array;
  readonly parts?: Partial<FogIngestParts>;
  readonly overrides?: FogIngestOverrides;
}

/** An enclave in this thread with simulated evidence, which a host has not initialised. */
export function bareEnclave({ name = "ingest1", parts, overrides }: TestIngestOptions = {}): {
  readonly enclave: Enclave;
  readonly ask: Ask;
} {
  const own: FogIngestParts = { ...testParts(), random: seededRandom(`enclave ${name}`), ...parts };
  const enclave = createFogIngestEnclave(own, overrides);
  takeSimulatedEvidence(enclave, own);
  return { enclave, ask: async (entryPoint, input) => enclave.call(entryPoint, input) };
}

/** Gives an enclave evidence for what it attests now. */
function takeSimulatedEvidence(enclave: Enclave, { peer }: FogIngestParts): void {
  const random = seededRandom("evidence");
  const machine = createSimulatedPlatform("simulated", { random, now: NOW });
  if (peer.identity.kind !== "mr-enclave" || enclave.attests === undefined) throw new Error("It is simulated.");
  const { key, customIdentity } = enclave.attests;
  const contents = { nonce: random(16), key, ...(customIdentity && { customIdentity }) };
  const simulated = { measurement: peer.identity.mrEnclave, productId: 4, securityVersion: 1 };
  const evidence = makeSimulatedEvidence(machine, simulated, { contents, now: NOW });
  enclave.takeEvidence?.({ kind: "dcap", bytes: encodeEvidence(evidence) });
}

/** `init`'s input. */
export function initRequest({ name = "ingest1", capacity = 1024, sealedKey = NONE }: TestIngestOptions): Uint8Array {
  const peerResponderId = `${name}.test:8443`;
  return encodeMessage(IngestInitRequestSchema, { peerResponderId, sealedIngressKey: sealedKey, capacity });
}

/** Outputs of a block, as a host gives them. */
export interface Chunk {
  readonly blockIndex?: bigint;
  readonly firstGlobalIndex?: bigint;
  readonly timestamp?: bigint;
  readonly outputsToFollow?: number;
}

/** A host and its enclave. */
export class TestIngest {
  readonly ask: Ask;
  readonly name: string;
  readonly enclave: Enclave | undefined;
  keys: IngestKeys;

  private constructor(ask: Ask, name: string, keys: IngestKeys, enclave: Enclave | undefined) {
    this.ask = ask;
    this.name = name;
    this.keys = keys;
    this.enclave = enclave;
  }

  /** Initialises an enclave. */
  static async init(ask: Ask, options: TestIngestOptions, enclave?: Enclave): Promise<TestIngest> {
    const keys = decodeMessage(IngestKeysSchema, await ask("init", initRequest(options)), ANY);
    return new TestIngest(ask, options.name ?? "ingest1", keys, enclave);
  }

  /** An enclave in this thread. */
  static start(options: TestIngestOptions = {}): Promise<TestIngest> {
    const { ask, enclave } = bareEnclave(options);
    return TestIngest.init(ask, options, enclave);
  }

  /** To which users encrypt hints. */
  get ingressKey(): PublicKey {
    return publicKey(this.keys.ingressPubkey?.data ?? NONE);
  }

  /** Gives outputs to the enclave. */
  async ingest(outputs: readonly TxOut[], chunk: Chunk = {}): Promise<IngestResponse> {
    const { blockIndex = 7n, firstGlobalIndex = 100n, timestamp = 1_700_000_000n, outputsToFollow = 0 } = chunk;
    const request = { blockIndex, firstGlobalIndex, timestamp, outputsToFollow, outputs: outputs.map(txOutToWire) };
    const input = encodeMessage(IngestRequestSchema, request, ANY);
    return decodeMessage(IngestResponseSchema, await this.ask("ingest-txs", input), ANY);
  }

  /** The public half of the egress key, as the enclave says it. */
  async kexRng(): Promise<KexRngPubkey> {
    return decodeMessage(KexRngPubkeySchema, await this.ask("kex-rng-pubkey", NONE), ANY);
  }

  /** Makes a channel to a peer; its id. */
  async connect(peer: TestIngest, nowMs = BigInt(NOW)): Promise<Uint8Array> {
    const responderId = `${peer.name}.test:8443`;
    const begun = await this.ask("peer-begin", encodeMessage(IngestPeerBeginRequestSchema, { responderId }));
    const request = { data: decodeAuthMessage(begun) };
    const answered = await peer.ask("peer-auth", encodeMessage(IngestPeerAuthRequestSchema, { request, nowMs }));
    const finish = { responderId, answer: { data: decodeAuthMessage(answered) }, nowMs };
    const output = await this.ask("peer-finish", encodeMessage(IngestPeerFinishRequestSchema, finish));
    return decodeMessage(IngestPeerChannelSchema, output, ANY).channelId;
  }

  /** The key, sealed for the other end of a channel. */
  getKey(channelId: Uint8Array): Promise<Uint8Array> {
    return this.ask("get-ingress-private-key", encodeMessage(IngestPeerChannelSchema, { channelId }));
  }
}

/** Somebody who is paid, with Fog. */
export class User {
  readonly account: AccountKey;
  readonly #random: Random;
  /** What it was paid: values, in order. */
  readonly paid: bigint[] = [];

  constructor(number: number) {
    this.account = accountKeyFromRootEntropy(new Secret(new Uint8Array(32).fill(number)));
    this.#random = seededRandom(`user ${number}`);
  }

  /** An output for this user, with a hint for an ingest enclave, or a decoy. */
  pay(value: bigint, ingressKey: PublicKey | undefined, blockVersion: BlockVersion = 3): TxOut {
    const recipient = publicAddress(this.account);
    const { txOut, sharedSecret } = createTxOut({
      blockVersion,
      recipient,
      amount: { value: tokenValue(value), tokenId: tokenId(MOB) },
      ...(blockVersion > 0 ? { memo: encodeMemo({ kind: "unused" }) } : {}),
      fogHint:
        ingressKey === undefined
          ? decoyFogHint(this.#random)
          : encryptFogHint(ingressKey, recipient.viewPublicKey, this.#random),
      random: this.#random,
    });
    sharedSecret.wipe();
    this.paid.push(value);
    return txOut;
  }

  /** The values of all of its outputs among the records, found as a wallet does: key by key of each sequence, to the first miss. */
  recover(records: readonly ETxOutRecord[], kexRngs: readonly KexRngPubkey[]): bigint[] {
    const byKey = new Map(records.map((record) => [toHex(record.searchKey ?? NONE), record.payload ?? NONE]));
    const { viewPrivateKey } = subaddress(this.account, 0n);
    const { account } = this;
    const reader = {
      viewPrivateKey: account.viewPrivateKey,
      subaddresses: new SubaddressTable(viewAccountKey(account), [0n]),
    };
    return kexRngs.flatMap(({ pubkey, version }) => {
      const rng = KexRng.fromKeyExchange(viewPrivateKey, kexRngPublicKey(pubkey, version));
      const found: MatchedTxOut[] = [];
      for (;;) {
        const payload = byKey.get(toHex(rng.peek()));
        if (payload === undefined) return found.map(({ amount }) => amount.value);
        rng.advance();
        const match = matchTxOutRecord(openTxOutRecord(payload, viewPrivateKey), reader);
        if (match === undefined) throw new Error("A record of somebody else.");
        found.push(match);
      }
    });
  }
}
