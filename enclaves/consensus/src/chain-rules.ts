// What all nodes of a network agree on, checked, and its digest, which is part of the name that peers attest under
// (spec 05 §2.3).
import { type FeeNetwork, PRIORITY_BITS, PRIORITY_BUCKET_BITS_MAX } from "@fogbow/core-block";
import { MOB, type TokenId, tokenId } from "@fogbow/core-bytes";
import {
  aggregate,
  bool,
  type DigestField,
  type Digestible,
  digest32,
  ed25519Verify,
  optional,
  orderedMap,
  primitive,
  text,
  tuple,
  uint32,
  uint64,
} from "@fogbow/core-crypto";
import {
  type BlockVersion,
  blockVersion,
  blockVersionFeatures,
  FeeMap,
  isValidSignerSet,
  type SignerSet,
  signerSetDigestible,
  signerSetFromWire,
  TransactionError,
} from "@fogbow/core-transaction";
import type { ChainConfig } from "@fogbow/core-wire";
import { ConsensusError } from "./error.ts";
import { TIME_BASE_MS_MAX, TOKENS_MAX } from "./limits.ts";
import { mintingTrustRoot } from "./minting-trust-root.ts";

/** The rules of a network. */
export interface ChainRules {
  readonly blockVersion: BlockVersion;
  readonly minimumFees: FeeMap;
  /** Who may configure the minting of a token, in ascending order of tokens. */
  readonly governors: ReadonlyMap<TokenId, SignerSet>;
  /** 64 bytes, by the minting trust root; undefined unless given. */
  readonly governorsSignature: Uint8Array | undefined;
  /** Whether leaders depend on the block before. */
  readonly boundLeaderHash: boolean;
  /** Zero for the default. */
  readonly timeBaseMs: number;
  /** Whether all proofs of a transaction must be of one tree. */
  readonly equalProofHeights: boolean;
  /** How many bits of a priority decide the order of transactions; 64 for all. */
  readonly priorityBits: number;
  /** Decides the fee recipient and the minting trust root. */
  readonly network: FeeNetwork;
}

/**
 * The rules that a configuration says. Throws {@link ConsensusError} `invalid-config` or `invalid-governors-signature`,
 * and WireError for keys of a wrong length.
 */
export function readChainRules(config: ChainConfig): ChainRules {
  const version = ruled(() => blockVersion(config.blockVersion));
  const { tokens, timeBaseMs } = config;
  if (tokens.length > TOKENS_MAX) throw invalid(`A network has at most ${TOKENS_MAX} tokens.`);
  if (new Set(tokens.map((each) => each.tokenId)).size !== tokens.length) throw invalid("A token is named twice.");
  if (timeBaseMs > TIME_BASE_MS_MAX) throw invalid(`A time base is at most ${TIME_BASE_MS_MAX} ms.`);
  const rules: ChainRules = {
    blockVersion: version,
    minimumFees: ruled(() => new FeeMap(tokens.map((each) => [each.tokenId, each.minimumFee]))),
    governors: readGovernors(tokens, version),
    governorsSignature: readSignature(config.governorsSignature),
    boundLeaderHash: config.boundLeaderHash,
    timeBaseMs,
    equalProofHeights: config.equalProofHeights,
    priorityBits: readPriorityBits(config.priorityBits),
    network: readNetwork(config.network),
  };
  assertGovernorsSigned(rules);
  return rules;
}

/**
 * The digest of the rules, 32 bytes: the reference's, to which fields of our own are added only where they are not the
 * default. The network is not part of it, as it is compiled in there.
 */
export function chainRulesDigest(rules: ChainRules): Uint8Array {
  const { minimumFees, governors, governorsSignature, boundLeaderHash, timeBaseMs, equalProofHeights, priorityBits } =
    rules;
  const fees = minimumFees.entries().map(([token, fee]) => [tokenDigestible(token), uint64(fee)] as const);
  const own: DigestField[] = [
    ...(boundLeaderHash ? [["leader_hash", text("bound")] as const] : []),
    ...(timeBaseMs === 0 ? [] : [["time_base_ms", uint32(timeBaseMs)] as const]),
    ...(equalProofHeights ? [["equal_proof_heights", bool(true)] as const] : []),
    ...(priorityBits === PRIORITY_BITS ? [] : [["priority_bits", uint32(priorityBits)] as const]),
  ];
  return digest32(
    "mc-blockchain-config",
    aggregate("BlockchainConfig", [
      ["fee_map", aggregate("FeeMap", [["map", orderedMap(fees)]])],
      ["governors_map", governorsDigestible(governors)],
      ["governors_signature", optional(governorsSignature && primitive("ed25519-sig", governorsSignature))],
      ["block_version", tuple("BlockVersion", [uint32(rules.blockVersion)])],
      ...own,
    ]),
  );
}

/** What the minting trust root signs, 32 bytes. */
export function governorsDigest(governors: ChainRules["governors"]): Uint8Array {
  return digest32("Governors map signature", governorsDigestible(governors));
}

function governorsDigestible(governors: ChainRules["governors"]): Digestible {
  const entries = [...governors].map(([token, set]) => [tokenDigestible(token), signerSetDigestible(set)] as const);
  return aggregate("GovernorsMap", [["map", orderedMap(entries)]]);
}

const tokenDigestible = (token: TokenId): Digestible => tuple("TokenId", [uint64(token)]);

function readGovernors(tokens: ChainConfig["tokens"], version: BlockVersion): Map<TokenId, SignerSet> {
  const governed = tokens.flatMap(({ tokenId: token, governors }): [TokenId, SignerSet][] =>
    governors === undefined ? [] : [[tokenId(token), signerSetFromWire(governors)]],
  );
  for (const [token, set] of governed) {
    if (token === MOB) throw invalid("Token 0 is never minted, so it has no governors.");
    if (!isValidSignerSet(set)) throw invalid(`The governors of token ${token} are no set that can be satisfied.`);
    if (set.multiSigners.length > 0 && !blockVersionFeatures(version).mintingToFog) {
      throw invalid(`The governors of token ${token} are nested, which block version ${version} does not know.`);
    }
  }
  return new Map(governed.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function readSignature(signature: Uint8Array): Uint8Array | undefined {
  if (signature.length === 0) return undefined;
  if (signature.length !== 64) throw invalid("The signature over governors has 64 bytes.");
  return signature.slice();
}

function readPriorityBits(bits: number): number {
  if (bits === 0 || bits === PRIORITY_BITS) return PRIORITY_BITS;
  if (bits <= PRIORITY_BUCKET_BITS_MAX) return bits;
  throw invalid(`Priorities have ${PRIORITY_BITS} bits, or from 1 to ${PRIORITY_BUCKET_BITS_MAX} of buckets.`);
}

function readNetwork(name: string): FeeNetwork {
  if (name === "main" || name === "test" || name === "development") return name;
  throw invalid("The network is main, test or development.");
}

function assertGovernorsSigned({ governors, governorsSignature, network }: ChainRules): void {
  if (governors.size === 0) return;
  const isSigned =
    governorsSignature !== undefined &&
    ed25519Verify(mintingTrustRoot(network), governorsDigest(governors), governorsSignature);
  if (isSigned) return;
  throw new ConsensusError(
    "invalid-governors-signature",
    `The minting trust root of the ${network} network did not sign these governors.`,
  );
}

/** What a rule of core refuses is the configuration's fault. */
function ruled<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof TransactionError)) throw cause;
    throw new ConsensusError("invalid-config", cause.message, { cause });
  }
}

function invalid(message: string): ConsensusError {
  return new ConsensusError("invalid-config", message);
}
